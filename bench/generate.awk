# Lines: precision, program, tokens per second, share of the floor. Prints each precision against the same one of PyTorch.
{
    if (!($1 in seen)) { seen[$1] = 1; precision[++precisions] = $1 }
    add($1 SUBSEP $2, $3)
    if ($2 == "sinter") add($1 SUBSEP "floor", $4)
}

END {
    print "medians of the rounds; ratios are medians of each round's ratio, Sinter / transformers; the floor is the time to read all weights once a token"
    printf "%-9s %9s %12s %7s %9s\n", "precision", "tokens/s", "transformers", "ratio", "of floor"
    for (i = 1; i <= precisions; i++) {
        p = precision[i]
        printf "%-9s %9.1f %12.1f %7.2f %7.0f %%\n", p, median(p SUBSEP "sinter"), median(p SUBSEP "torch"), ratio(p SUBSEP "sinter", p SUBSEP "torch"),
            100 * median(p SUBSEP "floor")
    }
}
