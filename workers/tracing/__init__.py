"""Traces by OpenTelemetry: of requests, and of jobs from their submission to their end."""
