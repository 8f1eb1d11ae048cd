"""Reads of several tables or with a shaped result."""

from places.selectors.contacts import contact_get, contacts_own, place_contacts
from places.selectors.gazetteer import places_search
from places.selectors.geography import (
    CountyFacts,
    Located,
    PlaceDetail,
    PlaceLine,
    county_facts,
    place_at,
    place_get,
    places_inside,
    villages_at,
    villages_of,
)
from places.selectors.ground import GroundFeature, ground_in, neighbours_of, outline_of
from places.selectors.village import line_json, place_json, place_panel

__all__ = [
    "CountyFacts",
    "GroundFeature",
    "Located",
    "PlaceDetail",
    "PlaceLine",
    "contact_get",
    "contacts_own",
    "county_facts",
    "ground_in",
    "line_json",
    "neighbours_of",
    "outline_of",
    "place_at",
    "place_contacts",
    "place_get",
    "place_json",
    "place_panel",
    "places_inside",
    "places_search",
    "villages_at",
    "villages_of",
]
