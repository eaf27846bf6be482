"""Published totals that the generator is calibrated to. Persons, villages, yuan."""

from __future__ import annotations

REGISTERED_VILLAGES = 128_000
REGISTERED_HOUSEHOLDS_2014 = 29_480_000
REGISTERED_PERSONS_2014 = 89_620_000
POOR_2015 = 55_750_000
POOR_2016 = 43_350_000
INCIDENCE_2016 = 0.045
OUTSIDE_SHARE = 0.39  # of the poor of 2016, outside the 832 counties: recalled

VILLAGES_STILL_TO_EXIT = 88_000
POOR_IN_THEM = 18_000_000
INCIDENCE_IN_THEM = 0.16
VILLAGES_ABOVE_20 = 30_000
COUNTIES_ABOVE_20 = 113  # besides the three areas and three prefectures
PREFECTURES_ABOVE_20 = 15
DEEP_COUNTIES = 334
ILLNESS_SHARE = 0.42  # "over 40 %" of poor households

CADRES = 775_000
FIRST_SECRETARIES = 195_000
WEAK_VILLAGES = 67_000  # what 195,000 first secretaries leave beside 128,000 registered villages
MILITARY_VILLAGES = 3_500

MINIMUM_SHARE = 0.60  # posts' minima of the people
TARGET_SHARE = 1.03  # posts' targets of the people

E_COMMERCE_COUNTIES = 428
TOURISM_VILLAGES = 22_600
PHOTOVOLTAIC_VILLAGES = 50_000
RANGERS = 280_000
MOVED_PERSONS = 10_000_000
RELOCATION_YUAN = 600_000_000_000
MICROCREDIT_YUAN = 338_100_000_000
MICROCREDIT_HOUSEHOLDS = 8_550_000
POOLED_2016_YUAN = 234_000_000_000

EXITS = {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}
CENTRAL_SPECIAL_YUAN = {
    2016: 66_095_000_000,
    2017: 86_095_000_000,
    2018: 106_095_000_000,
    2019: 126_095_000_000,
    2020: 146_095_000_000,
}
"""Central special fund; 2013: 38.0 bn. The later years are recalled."""

RURAL_ELSEWHERE = {  # rural people of provinces whose incidence no source gives, before scaling: assumed
    "110000": 3.0e6,
    "120000": 4.0e6,
    "210000": 22.0e6,
    "310000": 3.0e6,
    "320000": 47.0e6,
    "330000": 37.0e6,
    "350000": 27.0e6,
    "370000": 73.0e6,
    "440000": 65.0e6,
    "500000": 22.4e6,
}
POOR_ELSEWHERE_2016 = {"440000": 0.58, "320000": 0.25, "330000": 0.17}
POOR_ELSEWHERE_2015 = {"320000": 0.60, "330000": 0.40}
"""How the gap between the national and the provincial figures is shared: assumed."""
