#!/usr/bin/env python3
"""Minimax coefficients of src/simd/math.rs by the Remez exchange in 60 digits (needs mpmath).

exp:  P(r) ~ (exp(r) - 1 - r) / r^2        on |r| <= ln(2) / 2
log:  P(f) ~ (log(1+f) - f + f^2/2) / f^3  on 1+f in [sqrt(1/2), sqrt(2)]
tanh: P(z) ~ (tanh(x) - x) / x^3, z = x^2  on |x| <= 0.625

The error is weighted so that it is relative in the function itself. Coefficients are rounded to f32 at the end.
"""
import struct
import mpmath as mp

mp.mp.dps = 60


def remez(f, weight, a, b, degree, turns=30):
    n = degree + 2
    x = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    grid = [a + (b - a) * i / 4000 for i in range(4001)]
    fw = [(g, f(g), weight(g)) for g in grid]
    for _ in range(turns):
        m = mp.matrix(n, n)
        y = mp.matrix(n, 1)
        for i, xi in enumerate(x):
            for j in range(degree + 1):
                m[i, j] = xi**j
            m[i, degree + 1] = (-1) ** i / weight(xi)
            y[i] = f(xi)
        c = mp.lu_solve(m, y)
        coef = [c[j] for j in range(degree + 1)]
        err = [(w * (mp.polyval(coef[::-1], g) - v), g) for g, v, w in fw]
        peaks, best = [], err[0]
        for e in err[1:]:
            if mp.sign(e[0]) == mp.sign(best[0]):
                best = max(best, e, key=lambda t: abs(t[0]))
            else:
                peaks.append(best)
                best = e
        peaks.append(best)
        if len(peaks) < n:
            break
        while len(peaks) > n:
            peaks.pop(0 if abs(peaks[0][0]) < abs(peaks[-1][0]) else -1)
        new = [p[1] for p in peaks]
        if max(abs(u - v) for u, v in zip(new, x)) < mp.mpf(10) ** -6:
            x = new
            break
        x = new
    return coef, max(abs(e[0]) for e in err)


def safe(f, at0):
    return lambda t: at0 if abs(t) < mp.mpf(10) ** -12 else f(t)


def show(name, coef, err):
    print(f"{name}: relative error {mp.nstr(err, 3)} (2^{mp.nstr(mp.log(err, 2), 4)})")
    for j, c in enumerate(coef):
        f = struct.unpack("<f", struct.pack("<f", float(c)))[0]
        bits = struct.unpack("<I", struct.pack("<f", float(c)))[0]
        print(f"  c{j} = {f!r:26} 0x{bits:08x}")


if __name__ == "__main__":
    h = mp.log(2) / 2 * mp.mpf("1.0001")
    f = safe(lambda r: (mp.e**r - 1 - r) / r**2, mp.mpf(1) / 2)
    show("exp", *remez(f, lambda r: r**2 / mp.e**r + mp.mpf(10) ** -9, -h, h, 4))
    f = safe(lambda t: (mp.log(1 + t) - t + t * t / 2) / t**3, mp.mpf(1) / 3)
    w = safe(lambda t: abs(t**3 / mp.log(1 + t)), mp.mpf(10) ** -20)
    show("log", *remez(f, lambda t: w(t) + mp.mpf(10) ** -9, mp.sqrt(0.5) - 1, mp.sqrt(2) - 1, 8))
    f = safe(lambda z: (mp.tanh(mp.sqrt(z)) - mp.sqrt(z)) / mp.sqrt(z) ** 3, -mp.mpf(1) / 3)
    w = lambda z: mp.sqrt(z) ** 3 / mp.tanh(mp.sqrt(z)) if z > mp.mpf(10) ** -20 else mp.mpf(10) ** -20
    show("tanh", *remez(f, lambda z: w(z) + mp.mpf(10) ** -9, mp.mpf(0), mp.mpf("0.625") ** 2, 4))
    for name, v, keep in (("ln 2", mp.log(2), 15),):
        hi = mp.floor(v * 2**keep) / mp.mpf(2) ** keep
        print(name, "high", float(hi), "low", struct.unpack("<f", struct.pack("<f", float(v - hi)))[0])
