"""The one door to the network: checked addresses, pinned connections, whole answers or none, and a time limit."""
