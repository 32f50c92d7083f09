"""Writes tokenizer.json, a byte-level BPE of 300 tokens. Run with the tokenizers library: python3 make_tokenizer.py (in this folder)"""
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, trainers

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
tokenizer.train_from_iterator([open(__file__).read()], trainer)
tokenizer.save("tokenizer.json", pretty=False)
