"""The playground: its engine, its pictures, its panel and its page."""
