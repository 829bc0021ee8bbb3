"""The explorer over plain HTTP: JSON API, light page, feed, health; and what protects the server."""
