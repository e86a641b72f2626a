#!/usr/bin/env python3
"""Golden vectors for decimal128: + - * /, the seven roundings, square roots, whole powers and the way to double, worked out
with exact fractions, not with a decimal library.

usage: vectors.py > golden/vectors.txt       line: operation a b result   (result "none" where the operation has no value;
                                             "sqrt" and "double" have b = 0; a double is given by its 64 bits)
"""
import math
import random
import struct
from fractions import Fraction

DIGITS = 34


def half_even(value):
    """value rounded to 34 significant digits -> (coefficient, exponent)"""
    if value == 0:
        return 0, 0
    sign, value = (-1, -value) if value < 0 else (1, value)
    exponent = len(str(value.numerator)) - len(str(value.denominator)) - DIGITS
    while True:
        scaled = value / Fraction(10) ** exponent
        whole = scaled.numerator // scaled.denominator
        if whole >= 10**DIGITS:
            exponent += 1
        elif whole < 10 ** (DIGITS - 1):
            exponent -= 1
        else:
            break
    rest = scaled - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1):
        whole += 1
    return sign * whole, exponent


def places(value, count, mode):
    scaled = value * Fraction(10) ** count
    floor = scaled.numerator // scaled.denominator
    rest = scaled - floor
    if rest == 0:
        return floor
    negative = value < 0
    up = {
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor % 2 == 1),
        "half_up": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and not negative),
        "half_down": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and negative),
        "up": not negative,
        "down": negative,
        "floor": False,
        "ceiling": True,
    }[mode]
    return floor + (1 if up else 0)


def square_root(coefficient, exponent):
    """The root of coefficient x 10^exponent to 34 digits: 60 more digits, and a last 1 if something is left behind them."""
    if exponent % 2:
        coefficient, exponent = coefficient * 10, exponent - 1
    scaled = coefficient * 10**120
    root = math.isqrt(scaled)
    left = 0 if root * root == scaled else 1
    return half_even(Fraction(root * 10 + left) * Fraction(10) ** (exponent // 2 - 61))


def main():
    rng = random.Random(330902)

    def operand():
        kind = rng.random()
        if kind < 0.3:
            return rng.randint(-(10**10), 10**10), -4
        if kind < 0.5:
            return rng.randint(-(10**17), 10**17), rng.randint(-12, 6)
        if kind < 0.8:
            return rng.choice((-1, 1)) * rng.randint(10**33, 10**34 - 1), rng.randint(-40, 8)
        if kind < 0.9:
            return rng.choice((-1, 1)) * (10 ** rng.randint(1, 34) - 1), rng.randint(-34, 0)
        return rng.choice((5, 25, 125, 50005, 10**33 + 5, 2, 4, 8, 10**17 + 1)), rng.randint(-34, 4)

    for i in range(2000):
        (ca, ea), (cb, eb) = operand(), operand()
        sign = "+-*/"[i % 4]
        if i % 16 in (0, 1):  # exact ties of + and -
            ca, ea, cb, eb = rng.randint(10**33, 10**34 - 1), 0, rng.choice((-5, 5)), -1
        if i % 16 == 2:  # exact ties of *
            ca, ea, cb, eb = 2 * rng.randint(10**32, 10**33) + 1, 0, 5, 0
        a, b = Fraction(ca) * Fraction(10) ** ea, Fraction(cb) * Fraction(10) ** eb
        if sign == "/" and b == 0:
            print("/", f"{ca}E{ea}", "0", "none")
            continue
        value = a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else a / b
        c, e = half_even(value)
        print(sign, f"{ca}E{ea}", f"{cb}E{eb}", f"{c}E{e}")
    modes = ("half_even", "half_up", "half_down", "up", "down", "floor", "ceiling")
    for i in range(1400):
        c, e = rng.randint(-(10**12), 10**12), rng.randint(-10, 2)
        count = rng.randint(-3, 8)
        if i % 3 == 0:  # exactly on the half
            c, e, count = 10 * rng.randint(-(10**6), 10**6) + 5, -rng.randint(1, 6), 0
            count = -e - 1
        mode = modes[i % 7]
        print(mode, f"{c}E{e}", count, f"{places(Fraction(c) * Fraction(10) ** e, count, mode)}E{-count}")
    for i in range(300):
        c, e = operand()
        c = abs(c)
        if i % 3 == 0:  # exact squares
            c, e = rng.randint(1, 10**17 - 1) ** 2, 2 * rng.randint(-10, 5)
        root, shift = square_root(c, e)
        print("sqrt", f"{c}E{e}", 0, f"{root}E{shift}")
    for i in range(300):
        c, e = rng.randint(-(10 ** rng.randint(1, 34)), 10 ** rng.randint(1, 34)), rng.randint(-34, 2)
        n = rng.randint(0, 40)
        power, shift = half_even((Fraction(c) * Fraction(10) ** e) ** n)
        print("power", f"{c}E{e}", n, f"{power}E{shift}")
    for i in range(600):
        c, e = operand()
        if i % 3 == 0:  # on or beside the middle of two doubles
            c, e = (2**53 + rng.randint(0, 2**40)) * 2 + 1, 0
            c, e = c * 10**16 + rng.choice((-1, 0, 1)), -16
        if i % 10 == 1:  # near the ends of the doubles
            c, e = rng.randint(1, 10**34 - 1), rng.choice((-340, -350, -357, -358, -330, 270, 274))
        bits = struct.unpack("<Q", struct.pack("<d", float(Fraction(c) * Fraction(10) ** e)))[0]
        print("double", f"{c}E{e}", 0, bits)


main()
