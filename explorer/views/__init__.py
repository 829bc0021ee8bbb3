"""The pages of the explorer. Not named `pages`: Streamlit would make a menu of its own from that folder."""
