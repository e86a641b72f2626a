#!/usr/bin/env python3
"""Vectors for the dates, times and durations of FEEL, by a second implementation: Python's datetime and zoneinfo where
they reach (years 1 to 9999), and the counting of days below for the years beyond.

usage: make_temporal.py > temporal.tsv      line: expression, tab, expected value

A date and time with a zone moves by a duration along the instants, so that (a + d) - a = d across changes of the clock;
a local time that the clock shows twice is the first of the two, one that it skips is counted on from before the change
(as java.time and PEP 495 have it). Months move along the calendar and stop at the last day of the month.
"""
import random
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

rng = random.Random(1582)
lines = []
NANO = 10**9
DAY = 86400
ZONES = ["Asia/Shanghai", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns",
         "Australia/Lord_Howe", "Pacific/Auckland", "Etc/UTC", "Europe/London", "America/Sao_Paulo"]


def put(expression, value):
    lines.append(f"{expression}\t{value}")


def at(text):
    return f'@"{text}"'


# ---- the calendar, counted here

def is_leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)


def month_length(y, m):
    return 29 if m == 2 and is_leap(y) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[m - 1]


def days_of(y, m, d):
    """Days since 0001-01-01, of any year: whole cycles of 400 years, and the rest by datetime."""
    cycle, rest = divmod(y - 1, 400)
    return cycle * 146097 + date(rest + 1, m, d).toordinal() - 1


def of_days(n):
    cycle, rest = divmod(n, 146097)
    found = date.fromordinal(rest + 1)
    return found.year + cycle * 400, found.month, found.day


def date_text(y, m, d):
    return ("-" if y < 0 else "") + f"{abs(y):04d}-{m:02d}-{d:02d}"


def any_date(beyond=True):
    kind = rng.randrange(8)
    if beyond and kind == 0:
        y = rng.choice((-1, 1)) * rng.randint(10000, 900_000_000)
    elif beyond and kind == 1:
        y = rng.randint(-500, 500)
    else:
        y = rng.randint(1800, 2200)
    m = rng.choice((1, 2, 2, 2, 3, rng.randint(1, 12), 12))
    d = rng.choice((1, 28, month_length(y, m), month_length(y, m), rng.randint(1, month_length(y, m))))
    return y, m, min(d, month_length(y, m))


def plus_months(y, m, d, n):
    at_month = y * 12 + (m - 1) + n
    y, m = divmod(at_month, 12)
    m += 1
    return y, m, min(d, month_length(y, m))


# ---- durations

def months_text(n):
    if n == 0:
        return "P0M"
    years, months = divmod(abs(n), 12)
    return ("-" if n < 0 else "") + "P" + (f"{years}Y" if years else "") + (f"{months}M" if months else "")


def seconds_text(nanos):
    """Of a whole number of nanoseconds."""
    if nanos == 0:
        return "PT0S"
    rest = abs(nanos)
    days, rest = divmod(rest, DAY * NANO)
    hours, rest = divmod(rest, 3600 * NANO)
    minutes, rest = divmod(rest, 60 * NANO)
    seconds, fraction = divmod(rest, NANO)
    out = ("-" if nanos < 0 else "") + "P" + (f"{days}D" if days else "")
    if hours or minutes or seconds or fraction:
        out += "T" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or fraction:
            out += str(seconds) + (("." + f"{fraction:09d}".rstrip("0")) if fraction else "") + "S"
    return out


def any_nanos():
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice((-1, 1)) * rng.randint(0, 40) * DAY * NANO
    if kind == 1:
        return rng.choice((-1, 1)) * rng.randint(0, 200) * 3600 * NANO
    if kind == 2:
        return rng.choice((-1, 1)) * rng.randint(0, 10**6) * NANO
    if kind == 3:
        return rng.choice((-1, 1)) * rng.randint(0, 10**6) * 10**6
    return rng.choice((-1, 1)) * rng.randint(0, 10**15)


def clock_text(nanos_of_day):
    seconds, fraction = divmod(nanos_of_day, NANO)
    out = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return out + (("." + f"{fraction:09d}".rstrip("0")) if fraction else "")


def any_clock():
    return rng.choice((0, DAY * NANO - 1, rng.randrange(DAY) * NANO, rng.randrange(DAY * 1000) * 10**6, rng.randrange(24) * 3600 * NANO))


def offset_text(seconds):
    if seconds == 0:
        return "Z"
    return ("-" if seconds < 0 else "+") + f"{abs(seconds) // 3600:02d}:{abs(seconds) // 60 % 60:02d}"


# ---- zones: instants in seconds since 1970, by zoneinfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def instant_of(local, zone):
    """The first of two, and counted on from before a gap: PEP 495, fold 0."""
    return round((local.replace(tzinfo=zone, fold=0) - EPOCH).total_seconds())


def local_at(instant, zone):
    return (EPOCH + timedelta(seconds=instant)).astimezone(zone).replace(tzinfo=None, fold=0)


def changes(zone, years):
    """The instants at which the offset of the zone changes."""
    found = []
    for year in years:
        start = instant_of(datetime(year, 1, 1), timezone.utc)
        offset = None
        for hour in range(0, 366 * 24):
            now = (EPOCH + timedelta(hours=hour, seconds=start)).astimezone(zone).utcoffset()
            if offset is not None and now != offset:
                found.append(start + hour * 3600)
            offset = now
    return found


CHANGES = {name: changes(ZoneInfo(name), (1988, 2003, 2019)) for name in ZONES}


def zoned():
    """A date and time with a named zone or an offset: its text, its instant, and how to print another instant."""
    if rng.random() < 0.3:
        seconds = rng.choice((0, 8, -5, 14, -12)) * 3600 + rng.choice((0, 0, 1800, 2700)) * rng.choice((-1, 1))
        local = datetime(rng.randint(1800, 2200), rng.randint(1, 12), rng.randint(1, 28), rng.randrange(24), rng.randrange(60), rng.randrange(60))
        suffix, zone = offset_text(seconds), timezone(timedelta(seconds=seconds))
    else:
        name = rng.choice(ZONES)
        suffix, zone = "@" + name, ZoneInfo(name)
        if CHANGES[name] and rng.random() < 0.7:  # about a change of the clock
            local = local_at(rng.choice(CHANGES[name]) + rng.randint(-4, 4) * 1800, zone)
        else:
            local = datetime(rng.randint(1971, 2021), rng.randint(1, 12), rng.randint(1, 28), rng.randrange(24), rng.randrange(60), rng.randrange(60))
    return local.isoformat() + suffix, instant_of(local, zone), lambda i: local_at(i, zone).isoformat() + suffix


# ---- the vectors

def dates_and_months():
    for _ in range(300):
        y, m, d = any_date()
        n = rng.choice((rng.randint(-30, 30), rng.randint(-2500, 2500), 12, 1, -1, 1200))
        put(f"string({at(date_text(y, m, d))} + {at(months_text(n))})", f'"{date_text(*plus_months(y, m, d, n))}"')
        put(f"{at(date_text(y, m, d))} - {at(months_text(n))}", at(date_text(*plus_months(y, m, d, -n))))


def dates_and_days():
    for _ in range(200):
        y, m, d = any_date()
        n = rng.choice((rng.randint(-400, 400), rng.randint(-(10**6), 10**6)))
        put(f"{at(date_text(y, m, d))} + {at(seconds_text(n * DAY * NANO))}", at(date_text(*of_days(days_of(y, m, d) + n))))
    for _ in range(120):  # worked out from midnight and cut to the date
        (y, m, d), nanos = any_date(), any_nanos()
        put(f"{at(date_text(y, m, d))} + {at(seconds_text(nanos))}", at(date_text(*of_days(days_of(y, m, d) + nanos // (DAY * NANO)))))


def local_date_times():
    for _ in range(200):
        (y, m, d), clock, nanos = any_date(), any_clock(), any_nanos()
        days, rest = divmod(clock + nanos, DAY * NANO)
        text = date_text(y, m, d) + "T" + clock_text(clock)
        put(f"{at(text)} + {at(seconds_text(nanos))}", at(date_text(*of_days(days_of(y, m, d) + days)) + "T" + clock_text(rest)))
        n = rng.randint(-40, 40)
        put(f"{at(text)} + {at(months_text(n))}", at(date_text(*plus_months(y, m, d, n)) + "T" + clock_text(clock)))


def zoned_date_times():
    for _ in range(320):
        text, instant, printed = zoned()
        seconds = rng.choice((rng.randint(-6, 6) * 1800, rng.randint(-3, 3) * DAY, rng.randint(-400, 400) * 3600, rng.randint(-(10**6), 10**6)))
        put(f"string({at(text)} + {at(seconds_text(seconds * NANO))})", f'"{printed(instant + seconds)}"')
        put(f"({at(text)} + {at(seconds_text(seconds * NANO))}) - {at(text)}", at(seconds_text(seconds * NANO)))


def differences():
    for _ in range(150):
        a, b = any_date(), any_date()
        put(f"{at(date_text(*a))} - {at(date_text(*b))}", at(seconds_text((days_of(*a) - days_of(*b)) * DAY * NANO)))
    for _ in range(100):
        (a, x), (b, y) = (any_date(), any_clock()), (any_date(), any_clock())
        nanos = (days_of(*a) - days_of(*b)) * DAY * NANO + x - y
        put(f"{at(date_text(*a) + 'T' + clock_text(x))} - {at(date_text(*b) + 'T' + clock_text(y))}", at(seconds_text(nanos)))
    for _ in range(150):
        (a, x, _), (b, y, _) = zoned(), zoned()
        put(f"{at(a)} - {at(b)}", at(seconds_text((x - y) * NANO)))
    for _ in range(200):
        a, b = any_date(), any_date()
        if rng.random() < 0.6:  # about a whole number of months
            b = plus_months(*a, rng.randint(-50, 50))
            b = of_days(days_of(*b) + rng.randint(-3, 3))
        low, high = sorted((a, b))
        months = (high[0] - low[0]) * 12 + high[1] - low[1] - (1 if high[2] < low[2] else 0)
        put(f"years and months duration({at(date_text(*a))}, {at(date_text(*b))})", at(months_text(months if a <= b else -months)))


def comparisons():
    for _ in range(200):
        (a, x, _), (b, y, printed) = zoned(), zoned()
        if rng.random() < 0.4:  # the same instant in another zone, or a second beside it
            y = x + rng.choice((0, 0, 1, -1))
            b = printed(y)
            y = instant_of(datetime.fromisoformat(b[:19]), ZoneInfo(b[20:]) if "@" in b else timezone.utc) if "@" in b else y
        form = rng.choice(("<", "<=", ">", ">=", "=", "!="))
        held = {"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y, "=": x == y, "!=": x != y}[form]
        put(f"{at(a)} {form} {at(b)}", "true" if held else "false")
    for _ in range(80):
        a, b, c = any_date(), any_date(), any_date()
        low, high = sorted((days_of(*a), days_of(*b)))
        put(f"{at(date_text(*c))} in ({at(date_text(*of_days(low)))}..{at(date_text(*of_days(high)))}]", "true" if low < days_of(*c) <= high else "false")
    put('@"2023-01-01T00:00:00Z" < @"2023-01-01T00:00:00"', "null")
    put('@"2023-01-01T00:00:00Z" - @"2023-01-01T00:00:00"', "null")


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def calendar_functions():
    for _ in range(120):
        y, m, d = any_date()
        if rng.random() < 0.5:  # about the turn of the year
            y, m, d = of_days(days_of(y, 1, 1) + rng.randint(-4, 4))
        like = date((y - 2000) % 400 + 2000, m, d)  # the calendar repeats after 400 years, weekdays included
        text = at(date_text(y, m, d))
        put(f"{text}.weekday", like.isoweekday())
        put(f"day of week({text})", f'"{WEEKDAYS[like.weekday()]}"')
        put(f"day of year({text})", like.timetuple().tm_yday)
        put(f"week of year({text})", like.isocalendar()[1])
        put(f"month of year({text})", f'"{MONTHS[m - 1]}"')
        put(f"[{text}.year, {text}.month, {text}.day]", f"[{y}, {m}, {d}]")


def is_day(y, m, d):
    return 1 <= m <= 12 and 1 <= d <= month_length(y, m)


def written_dates():
    for _ in range(120):
        y, m, d = rng.choice((rng.randint(1, 9999), rng.choice((1900, 2000, 2100, 2024, 2023)))), rng.randint(0, 13), rng.randint(0, 32)
        if rng.random() < 0.5:
            m, d = rng.choice(((2, 28), (2, 29), (2, 30), (4, 31), (12, 31), (6, 30)))
        expected = at(date_text(y, m, d)) if is_day(y, m, d) else "null"
        put(f"date({y}, {m}, {d})", expected)
        put(f'date("{y:04d}-{m:02d}-{d:02d}")', expected)
    for text in ("2023-1-01", "2023-01-1", "02023-01-01", "123-01-01", "+2023-01-01", "2023/01/01", "20230101", "2023-01-01Z", "", "-0000-01-01", "1000000000-01-01", "2023-01-01 ", "2023-W01-1"):
        put(f'date("{text}")', "null" if text != "-0000-01-01" else at("0000-01-01"))
    for text, expected in (("23:59:59", "23:59:59"), ("24:00:00", None), ("23:60:00", None), ("23:59:60", None), ("1:00:00", None), ("01:00", None),
                           ("01:00:00.5", "01:00:00.5"), ("01:00:00.500", "01:00:00.5"), ("01:00:00.", None), ("01:00:00+18:00", "01:00:00+18:00"), ("01:00:00+18:01", None),
                           ("01:00:00-18:00", "01:00:00-18:00"), ("01:00:00+00:00", "01:00:00Z"), ("01:00:00-00:00", "01:00:00Z"), ("01:00:00+0800", None), ("01:00:00@Asia/Shanghai", "01:00:00@Asia/Shanghai"),
                           ("01:00:00@Asia/Nowhere", None), ("01:00:00+08:60", None), ("", None)):
        put(f'string(time("{text}"))', f'"{expected}"' if expected else "null")
    for text, expected in (("2023-12-31T24:00:00", "2024-01-01T00:00:00"), ("2024-02-29T24:00:00Z", "2024-03-01T00:00:00Z"), ("2023-12-31T24:00:01", None), ("2023-02-29T00:00:00", None),
                           ("2023-12-31", "2023-12-31T00:00:00"), ("2023-12-31T10:00", None), ("2023-12-31 10:00:00", None), ("2023-12-31T10:00:00Europe/Paris", None)):
        put(f'string(date and time("{text}"))', f'"{expected}"' if expected else "null")


def written_durations():
    for _ in range(160):
        days, hours, minutes, seconds = (rng.choice((None, 0, rng.randint(1, 30), rng.randint(60, 4000))) for _ in range(4))
        fraction = rng.choice((None, None, "5", "25", "000000001", "100"))
        if days is None and hours is None and minutes is None and seconds is None:
            continue
        text = "P" + (f"{days}D" if days is not None else "")
        clock = (f"{hours}H" if hours is not None else "") + (f"{minutes}M" if minutes is not None else "")
        nanos = ((days or 0) * DAY + (hours or 0) * 3600 + (minutes or 0) * 60 + (seconds or 0)) * NANO
        if seconds is not None:
            clock += str(seconds) + (f".{fraction}" if fraction else "") + "S"
            nanos += int((fraction or "0").ljust(9, "0"))
        text += "T" + clock if clock else ""
        sign = rng.choice(("", "-"))
        put(f'string(duration("{sign}{text}"))', f'"{seconds_text(-nanos if sign else nanos)}"')
    for _ in range(60):
        years, months = rng.choice((None, 0, rng.randint(1, 300))), rng.choice((None, 0, rng.randint(1, 300)))
        if years is None and months is None:
            continue
        sign = rng.choice(("", "-"))
        text = "P" + (f"{years}Y" if years is not None else "") + (f"{months}M" if months is not None else "")
        n = (years or 0) * 12 + (months or 0)
        put(f'string(duration("{sign}{text}"))', f'"{months_text(-n if sign else n)}"')
    for text in ("", "P", "PT", "P1", "1D", "P1DT", "P1H", "PT1D", "P1M1Y", "P1Y1D", "PT1M1H", "P-1D", "P1.5D", "PT1.5H", "p1d", "P1D1D", "P99999999999999999999D"):
        put(f'duration("{text}")', "null")


def duration_properties():
    for _ in range(100):
        nanos = any_nanos()
        sign, rest = (-1 if nanos < 0 else 1), abs(nanos)
        text = at(seconds_text(nanos))
        put(f"{text}.days", sign * (rest // (DAY * NANO)))
        put(f"{text}.hours", sign * (rest // (3600 * NANO) % 24))
        put(f"{text}.minutes", sign * (rest // (60 * NANO) % 60))
        put(f"{text}.seconds", str(Decimal(sign * (rest % (60 * NANO))) / NANO))
        n = rng.randint(-1000, 1000)
        text = at(months_text(n))
        put(f"[{text}.years, {text}.months]", f"[{(abs(n) // 12) * (1 if n > 0 else -1)}, {(abs(n) % 12) * (1 if n > 0 else -1)}]")
    put('@"P1D".years', "null")
    put('@"P1M".days', "null")


def toward_zero(value):
    return int(value)  # of a Fraction: cut


def duration_arithmetic():
    decimal128 = Context(prec=34)
    for _ in range(60):
        a, b = any_nanos(), any_nanos()
        put(f"{at(seconds_text(a))} + {at(seconds_text(b))}", at(seconds_text(a + b)))
        put(f"{at(seconds_text(a))} - {at(seconds_text(b))}", at(seconds_text(a - b)))
        put(f"{at(seconds_text(a))} < {at(seconds_text(b))}", "true" if a < b else "false")
        put(f"-{at(seconds_text(a))}", at(seconds_text(-a)))
        put(f"abs({at(seconds_text(a))})", at(seconds_text(abs(a))))
        quotient = "null" if b == 0 else decimal128.divide(Decimal(a), Decimal(b))
        put(f"{at(seconds_text(a))} / {at(seconds_text(b))}", "0" if quotient == 0 else quotient)
        n = rng.randint(-50, 50)
        put(f"{at(seconds_text(a))} * {n}", at(seconds_text(a * n)))
        put(f"{n} * {at(seconds_text(a))}", at(seconds_text(a * n)))
        half = rng.choice(("0.5", "1.25", "-0.1", "2"))
        put(f"{at(seconds_text(a))} * {half}", at(seconds_text(toward_zero(a * Fraction(half)))))
        put(f"{at(seconds_text(a))} / {half}", at(seconds_text(toward_zero(a / Fraction(half)))))
        x, y = rng.randint(-500, 500), rng.randint(-500, 500)
        put(f"{at(months_text(x))} + {at(months_text(y))}", at(months_text(x + y)))
        put(f"{at(months_text(x))} * {half}", at(months_text(toward_zero(x * Fraction(half)))))
        put(f"{at(months_text(x))} / {half}", at(months_text(toward_zero(x / Fraction(half)))))
        put(f"{at(months_text(x))} >= {at(months_text(y))}", "true" if x >= y else "false")


def times():
    for _ in range(120):
        clock, nanos = any_clock(), any_nanos()
        suffix = rng.choice(("", "", "Z", "+08:00", "-03:30"))
        put(f"string({at(clock_text(clock) + suffix)} + {at(seconds_text(nanos))})", f'"{clock_text((clock + nanos) % (DAY * NANO))}{suffix}"')
        put(f"string({at(clock_text(clock) + suffix)} - {at(seconds_text(nanos))})", f'"{clock_text((clock - nanos) % (DAY * NANO))}{suffix}"')
    for _ in range(80):
        a, b = any_clock(), any_clock()
        x, y = rng.choice((0, 8 * 3600, -3 * 3600)), rng.choice((0, 8 * 3600, -3 * 3600))
        left, right = at(clock_text(a) + offset_text(x)), at(clock_text(b) + offset_text(y))
        away = (a - x * NANO) - (b - y * NANO)
        put(f"{left} - {right}", at(seconds_text(away)))
        put(f"{left} < {right}", "true" if away < 0 else "false")


for part in (dates_and_months, dates_and_days, local_date_times, zoned_date_times, differences, comparisons, calendar_functions,
             written_dates, written_durations, duration_properties, duration_arithmetic, times):
    part()
print("\n".join(lines))
