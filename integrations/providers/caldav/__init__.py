"""The CalDAV provider: RFC 4791 and 6578 as servers really speak them."""
