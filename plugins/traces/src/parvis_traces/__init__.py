"""Traces for Parvis, by OpenTelemetry."""
