"""The system of the road crews in the demonstration: it is told of requests, and has bad weather on order."""
