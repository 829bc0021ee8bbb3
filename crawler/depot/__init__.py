"""What both sides know of a depot, the folder or bucket where builds are published.

`crawler` publishes there and `explorer` follows it; neither knows the other, and this package neither.
"""
