"""The local geocoder: made from an OpenStreetMap extract or an address file, asked without leaving
this machine."""
