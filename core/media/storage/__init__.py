"""Where kept media lies: a folder, an S3-compatible server, Cloudinary."""
