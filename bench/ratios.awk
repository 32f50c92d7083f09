# Median of the numbers value[key, 1] to value[key, count[key]]: the figures of the rounds.
function median(key,   i, j, n, x, t) {
    n = count[key]
    for (i = 1; i <= n; i++) {
        t = value[key, i]
        for (j = i - 1; j > 0 && x[j] > t; j--) x[j + 1] = x[j]
        x[j + 1] = t
    }
    return n == 0 ? 0 : (x[int((n + 1) / 2)] + x[int(n / 2) + 1]) / 2
}

# Median over the rounds of a / b: what disturbs a round disturbs both.
function ratio(a, b,   i) {
    count["ratio"] = 0
    for (i = 1; i <= count[a] && i <= count[b]; i++)
        if (value[b, i] > 0) value["ratio", ++count["ratio"]] = value[a, i] / value[b, i]
    return median("ratio")
}

function add(key, number) { value[key, ++count[key]] = number }
