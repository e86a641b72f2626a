#!/usr/bin/env python3
"""Vectors for the numbers of FEEL, by an independent oracle: Python's decimal as decimal128 (34 digits, HALF_EVEN,
-6143..6144, clamped) where it rounds correctly, and whole numbers of any size, rounded once, where it does not.

usage: make_numbers.py > numbers.tsv      line: expression, tab, expected value

The value is exact: the one correctly rounded answer, of exp, log and every power too. Numbers beyond the range are
null; -0 is 0.
The operands are chosen against rounding: halves at digit 35, runs of nines, subnormals, the ends of the range,
cancellation, gaps of exponents, values such as 0.1.
"""
import random
import sys
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, setcontext

D128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1, traps=[])
EXACT = Context(prec=60000, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
setcontext(EXACT)  # operators and abs() round nothing
sys.set_int_max_str_digits(0)
rng = random.Random(20230324)
lines = []


def text_of(value):
    if value is None or not value.is_finite():
        return "null"
    return "0" if value == 0 else str(value)


def put(expression, value):
    lines.append(expression + "\t" + (value if isinstance(value, str) else text_of(value)))


def literal(value):
    return str(value)


def truth(value):
    return "true" if value else "false"


def number(coefficient, exponent):
    """A decimal128 value: nothing is rounded."""
    return Decimal(coefficient).scaleb(exponent, EXACT)


def digits(count):
    return rng.randint(10 ** (count - 1), 10**count - 1)


def sign():
    return rng.choice((1, 1, -1))


def operand():
    """Any value, most of them awkward."""
    kind = rng.randrange(12)
    if kind == 0:  # money and areas
        return number(sign() * rng.randint(0, 10**10), -4)
    if kind == 1:  # 34 digits, near 1
        return number(sign() * digits(34), rng.randint(-40, 6))
    if kind == 2:  # nines
        return number(sign() * (10 ** rng.randint(1, 34) - 1), rng.randint(-40, 10))
    if kind == 3:  # just above a power of ten
        return number(sign() * (10 ** rng.randint(1, 33) + rng.choice((0, 1, 5))), rng.randint(-40, 10))
    if kind == 4:  # 0.1, 0.2, 1.1 ...
        return number(sign() * rng.randint(1, 99), -rng.randint(1, 2))
    if kind == 5:  # subnormal
        return number(sign() * digits(rng.randint(1, 20)), -6176 + rng.randint(0, 10))
    if kind == 6:  # large
        return number(sign() * digits(34), 6111 - rng.randint(0, 4))
    if kind == 7:  # any exponent
        return number(sign() * digits(rng.randint(1, 34)), rng.randint(-6176, 6100))
    if kind == 8:  # whole
        return number(sign() * rng.randint(0, 1000), 0)
    if kind == 9:  # ends in fives
        return number(sign() * (digits(rng.randint(2, 32)) * 10 + 5), rng.randint(-20, 2))
    if kind == 10:
        return number(sign() * digits(17), rng.randint(-12, 6))
    return number(0, rng.choice((0, -4, 3)))


def near(value):
    """Of the same magnitude: its neighbour, its double, itself with another tail, its negative."""
    if value == 0:
        return operand()
    exponent = value.as_tuple().exponent
    kind = rng.randrange(4)
    if kind == 0:
        return EXACT.copy_negate(value)
    if kind == 1:
        return D128.next_plus(value)
    if kind == 2:
        return D128.plus(EXACT.multiply(value, Decimal(rng.choice(("2", "0.5", "-1.5", "10")))))
    shifted = number(rng.choice((-1, 1)) * digits(rng.randint(1, 3)), max(exponent - rng.randint(0, 3), -6176))
    return D128.add(value, shifted)


def half_at_35():
    """a + b whose sum has exactly a half, or a hair beside it, behind digit 34."""
    a = number(sign() * digits(34), rng.randint(-34, 3))
    e = a.as_tuple().exponent
    tail = rng.choice((5, 50, 500001, 499999, 5 * 10**20 + 1, 5 * 10**20 - 1, 5 * 10**20))
    b = number(sign() * tail, e - len(str(tail)))
    return a, b


def pairs(count, also=()):
    for i in range(count):
        a = operand()
        b = near(a) if i % 4 == 0 else operand()
        if i % 5 == 1:
            a, b = half_at_35()
        if not (a.is_finite() and b.is_finite()):
            continue
        yield a, b
    yield from also


def usual():
    """A value and one of an ordinary size, so that the result is in range."""
    a = number(sign() * digits(rng.randint(1, 34)), rng.randint(-30, 5))
    b = number(sign() * digits(rng.randint(1, 34)), rng.randint(-30, 5))
    return a, b


def sums():
    for a, b in pairs(420):
        put(f"{literal(a)} + {literal(b)}", D128.add(a, b))
    for a, b in pairs(420):
        put(f"{literal(a)} - {literal(b)}", D128.subtract(a, b))
    for _ in range(120):  # far apart: the small one may only break a tie
        a = number(sign() * digits(34), 0)
        b = number(sign() * digits(rng.randint(1, 34)), -rng.randint(30, 80))
        put(f"{literal(a)} + {literal(b)}", D128.add(a, b))


def products():
    for a, b in pairs(260):
        put(f"{literal(a)} * {literal(b)}", D128.multiply(a, b))
    for i in range(260):
        a, b = usual()
        if i % 3 == 0:  # an odd 34-digit number times 5, 0.5, 25: ties
            a, b = number(sign() * (2 * digits(33) + 1), 0), number(rng.choice((5, 15, 25, 35)), -1)
        put(f"{literal(a)} * {literal(b)}", D128.multiply(a, b))
    for _ in range(60):  # about the lower end
        a = number(sign() * digits(rng.randint(1, 34)), -rng.randint(3050, 3100))
        b = number(digits(rng.randint(1, 34)), -rng.randint(3050, 3100))
        put(f"{literal(a)} * {literal(b)}", D128.multiply(a, b))


def quotients():
    for a, b in pairs(240):
        put(f"{literal(a)} / {literal(b)}", D128.divide(a, b) if b != 0 else None)
    for i in range(260):
        a, b = usual()
        if i % 3 == 0:  # quotient of 34 digits and a half
            q = 10 * digits(34) + 5
            divisor = rng.choice((2, 4, 8, 3, 7))
            a, b = D128.plus(number(q * divisor, -1)), number(divisor, 0)
        put(f"{literal(a)} / {literal(b)}", D128.divide(a, b))
    for _ in range(40):  # subnormal quotients
        a, b = number(digits(rng.randint(1, 34)), -6176 + rng.randint(0, 40)), number(digits(rng.randint(1, 30)), 0)
        put(f"{literal(a)} / {literal(b)}", D128.divide(a, b))


def power_of(a, n):
    if n == 0:
        return Decimal(1)
    if a == 0:
        return None if n < 0 else Decimal(0)
    coefficient, exponent = int(a.scaleb(-a.as_tuple().exponent, EXACT)), a.as_tuple().exponent
    if len(str(abs(coefficient))) * abs(n) < 50000:  # all digits
        whole = coefficient ** abs(n)
        if n > 0:
            return D128.plus(number(whole, exponent * n))
        top = 10 ** (len(str(abs(whole))) + 60)  # the quotient to 60 digits, and a last digit 1 if there is a rest
        quotient, rest = divmod(top, abs(whole))
        value = number(quotient * 10 + (1 if rest else 0), exponent * n - len(str(abs(whole))) - 61)
        return D128.plus(-value if whole < 0 else value)
    # Too long to write out: 150 digits decide, unless the answer is too close to a half.
    wide = Context(prec=150, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
    result = Decimal(1)
    for bit in bin(abs(n))[2:]:
        result = wide.multiply(result, result)
        if bit == "1":
            result = wide.multiply(result, abs(a))
    if n < 0:
        result = wide.divide(Decimal(1), result)
    low = D128.plus(wide.multiply(result, 1 - Decimal("1E-90")))
    high = D128.plus(wide.multiply(result, 1 + Decimal("1E-90")))
    assert low.compare(high) == 0 or not low.is_finite(), (a, n)
    return -low if a < 0 and n % 2 == 1 else low


def powers():
    for i in range(200):
        a, n = number(sign() * digits(rng.randint(1, 34)), rng.randint(-34, 2)), rng.randint(0, 60)
        put(f"({literal(a)}) ** {n}", power_of(a, n))
    for i in range(200):
        a, n = number(sign() * digits(rng.randint(1, 34)), rng.randint(-34, 2)), -rng.randint(1, 60)
        put(f"({literal(a)}) ** {n}", power_of(a, n))
    for i in range(60):  # interest: a little over 1, many times
        a, n = number(10**rng.randint(4, 20) + rng.randint(1, 99), 0), rng.choice((-1, 1)) * rng.randint(100, 4000)
        a = a.scaleb(1 - len(str(int(a))), EXACT)
        put(f"({literal(a)}) ** {n}", power_of(a, n))
    for i in range(40):  # very many times
        a = Decimal(1) + number(rng.choice((-1, 1)) * rng.randint(1, 99), -rng.randint(8, 33))
        n = rng.choice((-1, 1)) * rng.randint(10**6, 10**12)
        put(f"({literal(a)}) ** {n}", power_of(a, n))
    for base in (2, 5, 4, 8, 16, 25, 20, 50):
        for n in (1, 7, 48, 49, 50, 112, 113, 114, 115, 150):
            put(f"{base} ** {n}", power_of(Decimal(base), n))
            put(f"{base} ** -{n}", power_of(Decimal(base), -n))
    for n in (6144, 6145, -6176, -6177, -6143):
        put(f"10 ** {n}", power_of(Decimal(10), n))
    for a, n in ((0, 0), (0, 5), (0, -5), (1, 10**30), (-1, 10**30), (-1, 10**30 + 1), (-1, -3), (7, 0), (-7, 0)):
        put(f"({a}) ** {n}", power_of(Decimal(a), n) if abs(n) < 10**9 or a == 0 else Decimal(a ** (n % 2) if a < 0 else 1))
    for a, n in (("1E-6176", 2), ("1E-100", 62), ("9.99E99", 62), ("-9.99E99", 61), ("-9.99E99", 63), ("0.5", 20511), ("0.5", 20512)):
        put(f"({a}) ** {n}", power_of(Decimal(a), n))
    wide = Context(prec=150, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
    for a in ("2", "0.25", "10", "123.456", "1E-50", "9.999999999999999999999999999999999", "1.000000000000000000000000000000001"):
        for b in ("0.5", "-0.5", "1.5", "2.25", "0.1", "1E-100", "12345678901234567890123456789012.5"):
            put(f"{a} ** {b}", D128.plus(wide.power(Decimal(a), Decimal(b))))
    for _ in range(200):
        a, b = number(digits(rng.randint(1, 34)), -rng.randint(0, 40)), number(sign() * (digits(rng.randint(1, 6)) * 10 + 5), -rng.randint(1, 7))
        put(f"{a} ** {b}", D128.plus(wide.power(a, b)))
    for _ in range(40):  # 25 ** 24.5 is 5 ** 49: values that end, some of them with a half behind digit 34
        root = 10 * rng.randint(1, 3000) + 5
        n = 2 * rng.randint(0, 12) + 1
        put(f"{root ** 2} ** {n}.5", D128.plus(Decimal(root ** (2 * n + 1))))
    for b in ("0.5", "-0.5", "1.5"):
        put(f"(-4) ** {b}", None)
        put(f"0 ** {b}", None if b[0] == "-" else Decimal(0))


def remainder_of(a, b):
    if b == 0:
        return None
    exponent = min(a.as_tuple().exponent, b.as_tuple().exponent)
    x, y = (int(v.scaleb(-exponent, EXACT)) for v in (a, b))
    return D128.plus(number(x % y, exponent))  # of whole numbers: the sign of the divisor


def remainders():
    for a, b in pairs(180):
        put(f"modulo({literal(a)}, {literal(b)})", remainder_of(a, b))
    for _ in range(120):
        a, b = number(sign() * digits(rng.randint(1, 8)), -rng.randint(0, 4)), number(sign() * digits(rng.randint(1, 4)), -rng.randint(0, 3))
        put(f"modulo({literal(a)}, {literal(b)})", remainder_of(a, b))


MODES = {
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}


def roundings():
    for name, mode in MODES.items():
        for i in range(100):
            value, scale = operand(), rng.randint(-5, 40)
            if i % 3 == 0:  # on the half, or a hair beside it
                scale = rng.randint(-3, 20)
                value = number(sign() * (digits(rng.randint(1, 12)) * 10 + 5), -scale - 1)
                if i % 2 == 0:
                    value = EXACT.add(value, number(rng.choice((-1, 1)), -scale - 1 - rng.randint(1, 18)))
            if i % 7 == 0:
                scale = rng.choice((-6111, 6176, 6175, -6110, -40, -34, -35, 100))
            cut = value if -value.as_tuple().exponent <= scale else value.quantize(Decimal(1).scaleb(-scale, EXACT), rounding=mode, context=EXACT)
            put(f"{name}({literal(value)}, {scale})", D128.plus(cut))
        for scale in (-6112, 6177):
            put(f"{name}(1.5, {scale})", None)
    for value in ("-5.5", "5.5", "2.5", "-2.5", "1.1", "-1.1", "1.6", "-1.6", "0", "-0.5", "0.5", "1E-6176", "-1E-6176", "9999999999999999999999999999999999", "0.9999999999999999999999999999999999", "-0.9999999999999999999999999999999999"):
        put(f"floor({value})", Decimal(value).quantize(Decimal(1), rounding=ROUND_FLOOR, context=EXACT))
        put(f"ceiling({value})", Decimal(value).quantize(Decimal(1), rounding=ROUND_CEILING, context=EXACT))


def roots():
    for i in range(200):
        value = abs(operand())
        if i % 3 == 0:  # squares, and a hair beside them
            value = number(digits(rng.randint(1, 17)) ** 2, 2 * rng.randint(-20, 10))
            if i % 2 == 0:
                value = D128.next_plus(value)
        put(f"sqrt({literal(value)})", D128.sqrt(value))
    put("sqrt(-1E-6176)", None)
    for i in range(160):
        value = number(sign() * digits(rng.randint(1, 34)), 0)
        value = value.scaleb(-len(str(abs(int(value)))) + rng.choice((-30, -10, -3, -1, 0, 1, 2, 3, 4)), EXACT)
        put(f"exp({literal(value)})", D128.exp(value))
    for value in ("0", "1", "-1", "14149.3", "14150", "-14220", "-14230", "1E-40", "-1E-40"):
        put(f"exp({value})", D128.exp(Decimal(value)))
    for i in range(160):
        value = abs(operand())
        if i % 4 == 0:  # about 1, where digits are lost
            value = EXACT.add(Decimal(1), number(rng.choice((-1, 1)) * rng.randint(1, 999), -rng.randint(3, 33)))
        put(f"log({literal(value)})", D128.ln(value) if value > 0 else None)
    put("log(1)", Decimal(0))
    put("log(-1)", None)


def signs():
    for _ in range(40):
        a = operand()
        put(f"-({literal(a)})", EXACT.copy_negate(a))
        put(f"abs({literal(a)})", EXACT.copy_abs(a))
    for value in ("0", "1", "-1", "2", "-2", "1E30", "1E33", "9999999999999999999999999999999999", "1E34", "1E6144", "3.0", "20E-1"):
        whole = int(EXACT.create_decimal(value))
        put(f"odd({value})", truth(whole % 2 == 1))
        put(f"even({value})", truth(whole % 2 == 0))
    for value in ("0.5", "1E-6176"):
        put(f"odd({value})", "null")
        put(f"even({value})", "null")


def list_of(kind):
    count = rng.randint(1, 9)
    if kind == 0:
        return [number(sign() * rng.randint(0, 10**9), -rng.randint(0, 4)) for _ in range(count)]
    if kind == 1:
        return [number(sign() * digits(34), rng.randint(-36, -30)) for _ in range(count)]
    if kind == 2:  # 1E33, small ones, -1E33: what a sum keeps depends on each step
        return [number(10**33, 1), *[number(digits(3), -1) for _ in range(count)], number(-(10**33), 1)]
    return [operand() for _ in range(count)]


def total(values, step=None, start=None):
    out = start
    for value in values:
        out = value if out is None else (step or D128.add)(out, value)
    return D128.plus(out)


def mean_of(values):
    return D128.divide(total(values), Decimal(len(values)))


def median_of(values):
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2 == 1:
        return ordered[middle]
    return D128.divide(D128.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def stddev_of(values):
    if len(values) < 2:
        return None
    mean = mean_of(values)
    if not mean.is_finite():
        return None
    squares = [D128.multiply(d, d) for d in (D128.subtract(v, mean) for v in values)]
    return D128.sqrt(D128.divide(total(squares), Decimal(len(values) - 1)))


def aggregates():
    functions = {
        "sum": total,
        "mean": mean_of,
        "median": median_of,
        "product": lambda values: total(values, D128.multiply),
        "stddev": stddev_of,
        "min": min,
        "max": max,
    }
    for name, function in functions.items():
        for i in range(80):
            values = list_of(i % 4)
            put(f"{name}([{', '.join(map(literal, values))}])", function(values))
        put(f"{name}([])", "null")
        put(f"{name}([1, null])", "null")


def comparisons():
    forms = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "=": lambda a, b: a == b, "!=": lambda a, b: a != b}
    for i in range(300):
        a = operand()
        b = near(a) if i % 2 else operand()
        if i % 5 == 0 and len(a.as_tuple().digits) < 34 and a.as_tuple().exponent > -6170:  # the same in another form
            b = number(int(a.scaleb(-a.as_tuple().exponent, EXACT)) * 10, a.as_tuple().exponent - 1)
        if not b.is_finite():
            b = Decimal(0)
        form = list(forms)[i % 6]
        put(f"{literal(a)} {form} {literal(b)}", truth(forms[form](a, b)))
    for i in range(60):
        low, high = sorted((operand(), operand()))
        x = rng.choice((low, high, D128.next_plus(high), D128.next_minus(low), operand()))
        if not x.is_finite():
            continue
        put(f"{literal(x)} between {literal(low)} and {literal(high)}", truth(low <= x <= high))
        put(f"{literal(x)} in ({literal(low)}..{literal(high)})", truth(low < x < high) if low <= high else "null")


def plain(value):
    out = format(EXACT.normalize(value), "f")
    return "0" if value == 0 else out


def texts():
    for i in range(160):
        value = operand()
        if i % 20 != 0 and abs(value.adjusted()) > 60:
            value = usual()[0]
        put(f"string({literal(value)})", '"' + plain(value) + '"')
        if i % 4 == 0:
            put(f"number(string({literal(value)}))", value)
    written = ["0.1", ".5", "5.", "007", "-0", "-12.50", "1e3", "1E3", "1E+3", "1e-3", "0.1E-6175", "1E-6177", "5E-6177", "5.1E-6177", "15E-6177", "1E6144", "9.999999999999999999999999999999999E6144", "0E9999", "0E-9999", "1E-99999999999", "0E99999999999"]
    for _ in range(120):
        length = rng.randint(30, 60)
        digits_text = "".join(rng.choice("0123456789") for _ in range(length))
        if rng.random() < 0.4:  # a half behind digit 34
            digits_text = str(digits(34)) + rng.choice(("5", "50", "500000", "5000001", "4999999"))
        point = rng.randint(0, len(digits_text))
        written.append(rng.choice(("", "-")) + digits_text[:point] + "." + digits_text[point:] + rng.choice(("", "", "E5", "E-9")))
    for one in written:
        put(f'number("{one}")', D128.create_decimal(one))
        if one[0] not in ".-" and not one.endswith(".") and ".E" not in one:
            put(one, D128.create_decimal(one))
    for one in ("9.9999999999999999999999999999999995E6144", "1E6145", "1E99999999999"):
        put(f'number("{one}")', "null")
    for junk in ("", " ", "-", "+", ".", "E5", "1E", "1E+", "1E5.5", "1 2", "--1", "+-1", "0x10", "NaN", "Infinity", "inf", "-Infinity", "sNaN", "１２", "1,000", "1_000", "1e5e5", "1..2", "1.2.3", " 1", "1 "):
        put(f'number("{junk}")', "null")
    for text, grouping, point, value in (
        ("1 000 000,01", '" "', '","', "1000000.01"),
        ("1.000.000,01", '"."', '","', "1000000.01"),
        ("1,000,000.01", '","', '"."', "1000000.01"),
        ("1,234", '","', "null", "1234"),
        ("1,234", "null", '","', "1.234"),
        ("1,234", '","', '","', None),
        ("1.2,3", "null", '","', None),
        ("12345678901234567890123456789012345,6", "null", '","', "12345678901234567890123456789012350"),
    ):
        put(f'number("{text}", {grouping}, {point})', D128.create_decimal(value) if value else None)


def chains():
    """Each operation rounds once: what is left after three of them."""
    for _ in range(160):
        (a, b), c = usual(), usual()[0]
        put(f"({literal(a)} + {literal(b)}) - {literal(a)}", D128.subtract(D128.add(a, b), a))
        put(f"{literal(a)} / {literal(b)} * {literal(b)}", D128.multiply(D128.divide(a, b), b))
        put(f"{literal(a)} * {literal(b)} + {literal(c)}", D128.add(D128.multiply(a, b), c))


for part in (sums, products, quotients, powers, remainders, roundings, roots, signs, aggregates, comparisons, texts, chains):
    part()
print("\n".join(lines))
