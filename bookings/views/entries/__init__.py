"""What is done with single entries of My Calendar: own items made and changed, anything moved, undone, looked into."""
