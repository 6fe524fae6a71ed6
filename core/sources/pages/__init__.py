"""Pages of links: what videos a web page, a feed or a sitemap leads to."""
