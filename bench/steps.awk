# Lines: shape, program, mode, tokens per second, MiB. Prints every pair; the fastest mode with transformers' model is the one to beat.
{
    if (!($1 in seen)) { seen[$1] = 1; shape[++shapes] = $1 }
    key = $1 SUBSEP $2 SUBSEP $3
    if (!(key in known)) { known[key] = 1; modes[$1, $2] = modes[$1, $2] " " $3 }
    add(key "t", $4)
    add(key "m", $5)
}

function show(s, mine, theirs, note,   a, b) {
    a = s SUBSEP "sinter" SUBSEP mine
    b = s SUBSEP "torch" SUBSEP theirs
    printf "%-11s %-5s %9.1f  %-11s %9.1f  %6.2f   %6d %6d  %6.2f  %s\n",
        s, mine, median(a "t"), theirs, median(b "t"), ratio(a "t", b "t"),
        median(a "m"), median(b "m"), ratio(a "m", b "m"), note
}

function speed(s, theirs) { return median(s SUBSEP "torch" SUBSEP theirs "t") }

END {
    print "medians of the rounds; ratios are medians of each round's ratio, Sinter / PyTorch"
    printf "%-11s %-5s %9s  %-11s %9s  %6s   %6s %6s  %6s\n", "shape", "", "tokens/s", "PyTorch", "tokens/s", "ratio", "MiB", "MiB", "ratio"
    for (i = 1; i <= shapes; i++) {
        s = shape[i]
        n = split(modes[s, "torch"], theirs, " ")
        best = ""
        for (j = 1; j <= n; j++)
            if (theirs[j] !~ /^plain/ && (best == "" || speed(s, theirs[j]) > speed(s, best))) best = theirs[j]
        c = split(modes[s, "sinter"], mine, " ")
        for (m = 1; m <= c; m++)
            for (j = 1; j <= n; j++)
                show(s, mine[m], theirs[j], theirs[j] == best && !memory ? "its best mode" : "")
    }
}
