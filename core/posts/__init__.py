"""Posts, uploads and attempts: what people ask for and what becomes of it."""
