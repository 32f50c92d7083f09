# Lines: program, encoded MB/s, seconds of training. Prints each beside Hugging Face's.
{ add($1 SUBSEP "encode", $2); add($1 SUBSEP "train", 1 / $3) }

END {
    print "medians of the rounds; ratios are medians of each round's ratio of speeds, Sinter / tokenizers; same ids, same merges"
    printf "encoding  %8.1f MB/s %8.1f MB/s  ratio %5.2f\n", median("sinter" SUBSEP "encode"), median("peer" SUBSEP "encode"), ratio("sinter" SUBSEP "encode", "peer" SUBSEP "encode")
    printf "training  %8.3f s    %8.3f s     ratio %5.2f\n", 1 / median("sinter" SUBSEP "train"), 1 / median("peer" SUBSEP "train"), ratio("sinter" SUBSEP "train", "peer" SUBSEP "train")
}
