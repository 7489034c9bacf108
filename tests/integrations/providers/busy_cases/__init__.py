"""Objects and the busy time each means, by the RFCs. Every text and every answer is worked out by hand."""
