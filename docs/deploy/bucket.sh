#!/bin/sh
# The bucket of compose.yaml, a user who may write to it, and one who may only read: bucket.sh URL
set -eu
mc alias set store "$1" "$ADMIN" "$ADMIN_KEY"
mc mb --ignore-existing store/devices

allow() { # POLICY ACTIONS USER KEY
    echo '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ['"$2"'],
        "Resource": ["arn:aws:s3:::devices", "arn:aws:s3:::devices/*"]}]}' > "/tmp/$1.json"
    mc admin policy create store "$1" "/tmp/$1.json"
    mc admin user add store "$3" "$4"
    # Attaching again is an error; what counts is tried below.
    mc admin policy attach store "$1" --user "$3" || true
    mc alias set "$1" "$URL" "$3" "$4"
    mc ls "$1/devices" > /dev/null
}

URL=$1
READ='"s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"'
allow reader "$READ" "$READER" "$READER_KEY"
allow writer "$READ, \"s3:PutObject\", \"s3:DeleteObject\", \"s3:AbortMultipartUpload\"" "$WRITER" "$WRITER_KEY"
