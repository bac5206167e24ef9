"""Freight: stops, prices, labels, boxes and routes."""
