"""Language models: what is asked, what is answered, what it costs, and where a scripted one stands in."""
