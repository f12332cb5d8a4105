"""Requests and rides, from asked to done."""
