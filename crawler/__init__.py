"""Collects official device lists and builds `data/devices.duckdb` from them."""
