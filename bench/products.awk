# Lines: shape, m, n, k, form, program-mode, GFLOP/s.
{
    product = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4 SUBSEP $5
    if (!(product in seen)) {
        seen[product] = 1
        list[++products] = product
        name[product] = sprintf("%-10s %6d x %5d x %5d %-15s", $1, $2, $3, $4, $5)
    }
    add(product SUBSEP $6, $7)
}

function against(p, mine, theirs, column,   r) {
    r = ratio(p SUBSEP mine, p SUBSEP theirs)
    if (r > 0) {
        logs[column] += log(r)
        number[column]++
        if (!(column in least) || r < least[column]) least[column] = r
    }
    return r
}

END {
    print "medians of the rounds, GFLOP/s; ratios are medians of each round's ratio, Sinter / the other"
    print "fp32 is beside the better of PyTorch and the BLAS that numpy has (OpenBLAS, where its package has that one)"
    printf "%-47s %7s %7s %7s %6s  %7s %7s %6s %7s %6s\n", "result, summed over", "fp32", "torch", "blas", "ratio", "bf16", "fast", "ratio", "bf16 in", "ratio"
    for (i = 1; i <= products; i++) {
        p = list[i]
        float = median(p SUBSEP "torch-numpy") > median(p SUBSEP "torch-fp32") ? "torch-numpy" : "torch-fp32"
        printf "%-47s %7.1f %7.1f %7.1f %6.2f  %7.1f %7.1f %6.2f %7.1f %6.2f\n", name[p],
            median(p SUBSEP "sinter-fp32"), median(p SUBSEP "torch-fp32"), median(p SUBSEP "torch-numpy"), against(p, "sinter-fp32", float, 1),
            median(p SUBSEP "sinter-bf16"), median(p SUBSEP "torch-fast"), against(p, "sinter-bf16", "torch-fast", 2),
            median(p SUBSEP "torch-bf16"), against(p, "sinter-bf16", "torch-bf16", 3)
    }
    for (i = 1; i <= 3; i++) mean[i] = number[i] > 0 ? exp(logs[i] / number[i]) : 0
    printf "%-47s %23s %6.2f  %15s %6.2f %7s %6.2f\n", "geometric mean of the ratios", "", mean[1], "", mean[2], "", mean[3]
    printf "%-47s %23s %6.2f  %15s %6.2f %7s %6.2f\n", "least ratio", "", least[1], "", least[2], "", least[3]
}
