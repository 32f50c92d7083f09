# Tables of what bench/scaling measured: lines of KIND NUMBER MILLISECONDS ATTENTION.
{
    key = $1 SUBSEP $2
    if (!(key in seen)) { seen[key] = 1; numbers[$1, ++size[$1]] = $2 }
    add(key, $3)
    add(key SUBSEP "attention", $4)
}

# The line a + b·x through the medians, by least squares of (a + b·x) / y - 1.
function fit(kind,   i, x, y, sw, swx, swxx, swy, swxy, d) {
    for (i = 1; i <= size[kind]; i++) {
        x = numbers[kind, i]
        y = median(kind SUBSEP x)
        sw += 1 / y / y; swx += x / y / y; swxx += x * x / y / y; swy += 1 / y; swxy += x / y
    }
    d = sw * swxx - swx * swx
    slope = (sw * swxy - swx * swy) / d
    base = (swy * swxx - swxy * swx) / d
}

function lines(kind, name,   i, x, y) {
    fit(kind)
    printf "\n%s: %.2f + %.4f x ms\n", name, base, slope
    for (i = 1; i <= size[kind]; i++) {
        x = numbers[kind, i]
        y = median(kind SUBSEP x)
        printf "%8d  %10.2f ms  %+6.1f %%", x, y, (y / (base + slope * x) - 1) * 100
        if (kind == "context") printf "   without attention %10.2f ms", y - median(kind SUBSEP x SUBSEP "attention")
        printf "\n"
    }
}

END {
    lines("batch", "sequences a step")
    lines("context", "tokens a sequence, at a fixed number of tokens")
    one = "threads" SUBSEP numbers["threads", 1]
    all = "threads" SUBSEP numbers["threads", 2]
    printf "\n%d threads beside one: %.2f times as fast\n", numbers["threads", 2], ratio(one, all)
}
