"""Answers from `data/devices.duckdb`: Streamlit pages and a command line."""
