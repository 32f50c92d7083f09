"""Writes what transformers makes of templates: chat.json (the built-in ones over conversations, through apply_chat_template) and battery.json (small
templates, listed here and generated from a seed). Run from the repository's root with transformers 5.12:

    python3 tests/Sinter.Tests/References/templates/make.py
"""
import json
import pathlib
import random

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import _compile_jinja_template, render_jinja_template

HERE = pathlib.Path("tests/Sinter.Tests/References/templates")
BUILT_IN = pathlib.Path("src/Sinter/Text/Chat/Templates")


def turns(*pairs):
    return [{"role": role, "content": content} for role, content in pairs]


CONVERSATIONS = {
    "one question": turns(("user", "What is 2 + 2?")),
    "one answer": turns(("user", "What is 2 + 2?"), ("assistant", "It is 4.")),
    "system": turns(("system", "Be short."), ("user", "Hello"), ("assistant", "Hi!")),
    "several turns": turns(("system", "Be kind.\nAlways."), ("user", " first \n"), ("assistant", " one\n"), ("user", "second"), ("assistant", "two "), ("user", "third")),
    "without system": turns(("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")),
    "other letters": turns(("user", "Grüße 😀 {{ x }} {% if %}\t'\""), ("assistant", "你好 </s> <|im_end|>\r\n\u2028x")),
    "empty": turns(("user", ""), ("assistant", "")),
    "thoughts": turns(("user", "a"), ("assistant", "<think>\nhm\n</think>\n\nb"), ("user", "c"), ("assistant", "<think>\nso\n</think>\n\nd")),
    "two users": turns(("user", "a"), ("user", "b")),
    "assistant first": turns(("assistant", "a"), ("user", "b")),
    "unknown role": turns(("user", "a"), ("critic", "b")),
}


def chat_cases():
    inner = Tokenizer(models.WordLevel({"<s>": 0, "</s>": 1, "<unk>": 2}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, bos_token="<s>", eos_token="</s>", unk_token="<unk>")
    cases = []
    for path in sorted(BUILT_IN.glob("*.jinja")):
        template = path.read_text()
        for name, messages in CONVERSATIONS.items():
            for prompt in (False, True):
                case = {"template": path.stem, "name": name, "messages": messages, "add_generation_prompt": prompt}
                try:
                    case["text"] = tokenizer.apply_chat_template(messages, chat_template=template, add_generation_prompt=prompt, tokenize=False)
                    _, ranges = render_jinja_template([messages], chat_template=template, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>",
                                                      unk_token="<unk>", return_assistant_tokens_mask=True)
                    case["generated"] = [case["text"][a:b] for a, b in ranges[0]]
                except Exception as error:
                    case["error"] = type(error).__name__
                cases.append(case)
    return cases


VALUES = {
    "messages": [{"role": "system", "content": " Be kind.\n"}, {"role": "user", "content": "Hi 😀, it's \"me\""}, {"role": "assistant", "content": "Hello\tyou"}],
    "tools": None,
    "add_generation_prompt": True,
    "bos_token": "<s>",
    "eos_token": "</s>",
    "n": 7, "m": -3, "zero": 0, "x": 2.5, "big": 1e20, "tiny": 1.5e-7, "t": True, "f": False, "nothing": None,
    "word": "Hello", "text": "  the quick brown-fox\n jumps  ", "letters": "aÄß😀é", "empty": "", "lines": "one\ntwo\r\nthree\n\n",
    "numbers": [3, 1, 2, 3], "words": ["pear", "Apple", "fig"], "nested": [[1, 2], [3]], "none_list": [], "mixed": [1, "a", None, True, 2.0],
    "d": {"b": 1, "a": {"c": [1, 2]}, "items": 3, "n": None}, "people": [{"name": "Ann", "age": 30}, {"name": "bob", "age": 4}, {"name": "Cy", "age": 30, "tags": ["x"]}],
}

LISTED = r"""
{{ missing }}|{{ missing is defined }}|{{ missing | default('x') }}|{{ missing | length }}
{{ missing.name }}
{{ nothing.name is defined }}
{{ d.missing.more }}
{{ n + 1 }} {{ n - m }} {{ n * m }} {{ n / 2 }} {{ n // 2 }} {{ m // 2 }} {{ m % 2 }} {{ n % m }} {{ 2 ** 3 ** 2 }} {{ 2 ** -1 }} {{ -n ** 2 }}
{{ x }} {{ big }} {{ tiny }} {{ 1.0 }} {{ 100000000000000000.0 }} {{ 0.1 + 0.2 }} {{ 1e15 }} {{ 1e16 }} {{ 123456789.125 }} {{ -0.0 }} {{ 5e-324 }} {{ 0.0001 }} {{ 0.00001 }}
{{ t + 1 }} {{ t * 2.5 }} {{ true and 0 }} {{ 0 or '' }} {{ not n }} {{ t == 1 }} {{ 1 == 1.0 }} {{ '1' == 1 }}
{{ n / zero }}
{{ 'a' + 1 }}
{{ 'a' ~ 1 ~ none ~ true ~ [1, 'b'] ~ missing }}
{{ 'ab' * 3 }} {{ [1] * 2 }} {{ [1] + [2] }} {{ (1, 2) + (3,) }}
{{ (1, 2) }} {{ (1,) }} {{ () }} {{ [1, 'a', "it's", 'q"q', none, true, 1.5] }} {{ {'a': 1, 2: [3], 'n': none} }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ '😀' > '\uffff' }}
{{ 1 < 'a' }}
{{ 2 in numbers }} {{ 9 not in numbers }} {{ 'ell' in word }} {{ 'b' in d }} {{ 'zz' in missing }}
{{ 1 in word }}
{{ 'yes' if n > 3 else 'no' }}{{ 'never' if n > 30 }}|{{ 'a' if f else 'b' if t else 'c' }}
{{ messages[0]['role'] }} {{ messages[-1].content }} {{ messages[0].content | trim }} {{ messages[9] }}{{ messages | length }}
{{ numbers[1:] }} {{ numbers[::-1] }} {{ numbers[:-1] }} {{ word[1:3] }} {{ word[::-1] }} {{ letters[3] }} {{ letters[::-1] }} {{ letters | length }} {{ numbers[5:] }} {{ numbers[-99:2] }} {{ (1, 2, 3)[1:] }}
{{ numbers[::0] }}
{{ d['b'] }} {{ d.b }} {{ d.a.c[1] }} {{ d['items'] }} {{ d.items() | list }} {{ d.keys() | list }} {{ d.values() | list }} {{ d.get('b') }} {{ d.get('zz') }} {{ d.get('zz', 5) }}
{{ d.a.c.0 }}
{{ numbers.append(4) }}
{{ d.update({'x': 1}) }}
{{ word.__class__ }}
{{ word.upper() }} {{ word.lower() }} {{ text.strip() }} {{ text.split() }} {{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ text.split(none, 1) }} {{ text.rsplit(none, 2) }}
{{ lines.splitlines() }} {{ lines.splitlines(true) }} {{ 'x'.join(words) }} {{ word.replace('l', 'L') }} {{ word.replace('l', 'L', 1) }} {{ word.replace('', '-') }} {{ word.find('l') }} {{ letters.find('é') }} {{ word.rfind('l') }} {{ word.count('l') }} {{ word.index('o') }}
{{ word.index('z') }}
{{ 'a-b-c'.partition('-') }} {{ 'a-b-c'.rpartition('-') }} {{ 'abc'.partition('-') }} {{ 'abc'.rpartition('-') }}
{{ 'hello world'.title() }} {{ 'hello WORLD'.capitalize() }} {{ "they're bill's".title() }} {{ 'aBc'.swapcase() }} {{ '5'.zfill(3) }} {{ '-5'.zfill(4) }} {{ 'a'.ljust(3) }}| {{ 'a'.rjust(3, '.') }} {{ 'ab'.center(5, '*') }} {{ 'abc'.center(6, '*') }}
{{ word.startswith('He') }} {{ word.endswith(('x', 'lo')) }} {{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ ' '.isspace() }} {{ ''.isspace() }} {{ 'Ab'.isupper() }} {{ 'AB1'.isupper() }} {{ 'prefix'.removeprefix('pre') }} {{ 'prefix'.removesuffix('fix') }} {{ 'xxaxx'.strip('x') }} {{ 'xxa '.lstrip('x') }}| {{ ' axx'.rstrip('x') }}
{{ word | upper }} {{ word | lower }} {{ 'a b-c (d' | title }} {{ 'aBC' | capitalize }} {{ text | trim }} {{ 'xax' | trim('x') }} {{ word | replace('l', 'r') }} {{ 5 | string ~ 'a' }} {{ numbers | first }} {{ numbers | last }} {{ none_list | first }}{{ word | first }} {{ word | list }} {{ d | list }} {{ word | reverse }} {{ numbers | reverse | list }}
{{ numbers | sort }} {{ words | sort }} {{ words | sort(case_sensitive=true) }} {{ numbers | sort(reverse=true) }} {{ people | sort(attribute='age') | map(attribute='name') | list }} {{ people | sort(attribute='age,name') | map(attribute='name') | list | length }}
{{ [1, 'a'] | sort }}
{{ numbers | unique | list }} {{ ['a', 'A', 'b'] | unique | list }} {{ numbers | min }} {{ words | max }} {{ none_list | max }}{{ people | max(attribute='age') | items | list }} {{ numbers | sum }} {{ people | sum(attribute='age') }} {{ [[1], [2]] | sum(start=[]) }}
{{ numbers | join(', ') }} {{ people | join(',', attribute='name') }} {{ mixed | join('-') }} {{ word | join('.') }} {{ none_list | join }}
{{ people | map(attribute='name') | list }} {{ words | map('upper') | list }} {{ people | map(attribute='tags', default='-') | list }} {{ words | map('replace', 'p', 'q') | join('|') }} {{ nested | map('length') | list }} {{ nested | map('first') | list }}
{{ people | selectattr('age', 'gt', 10) | map(attribute='name') | list }} {{ people | rejectattr('tags') | map(attribute='name') | list }} {{ people | selectattr('tags', 'defined') | list | length }} {{ people | selectattr('name', 'equalto', 'bob') | list }} {{ numbers | select('odd') | list }} {{ numbers | reject('gt', 2) | list }} {{ mixed | select | list }}
{{ d | tojson }} {{ people | tojson(indent=2) }} {{ letters | tojson }} {{ letters | tojson(ensure_ascii=true) }} {{ "a'b<c>&\"\\\n\x01\u2028" | tojson }} {{ [] | tojson(indent=2) }} {{ {} | tojson }} {{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }} {{ [1, 2] | tojson(separators=(',', ':')) }} {{ big | tojson }} {{ tiny | tojson }} {{ 1.0 | tojson }}
{{ missing | tojson }}
{{ d | items | list }} {{ missing | items | list }} {{ {'b': 1, 'A': 2, 'a': 3} | dictsort }} {{ {'b': 1, 'a': 2} | dictsort(by='value') }} {{ {'b': 1, 'a': 2} | dictsort(reverse=true) }}
{{ word | items }}
{{ '42' | int }} {{ '4.7' | int }} {{ 'x' | int }} {{ 'x' | int(5) }} {{ '0x1f' | int(0, 16) }} {{ 3.9 | int }} {{ -3.9 | int }} {{ '1.5' | float }} {{ 'x' | float }} {{ n | float }} {{ -5 | abs }} {{ -5.5 | abs }}
{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 0.125 | round(2) }} {{ 1234.5678 | round(-2) }} {{ 2.1 | round(0, 'ceil') }} {{ 2.9 | round(method='floor') }} {{ 7 | round }} {{ -2.5 | round }}
{{ 'a\nb\n\nc' | indent }} {{ 'a\nb' | indent(2, true) }} {{ 'a\n\nb' | indent(width='>', blank=true) }} {{ 'abc' | center(9) }}| {{ 'one two three' | wordcount }} {{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, true) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(9, true, '…', 0) }}
{{ '' | default('x') }} {{ '' | default('x', true) }} {{ none | default('x') }} {{ none | d('x', true) }} {{ d.zz | default(d.b) }}
{{ n is odd }} {{ n is even }} {{ n is divisibleby 7 }} {{ n is number }} {{ x is float }} {{ n is integer }} {{ t is integer }} {{ t is boolean }} {{ word is string }} {{ d is mapping }} {{ numbers is sequence }} {{ d is iterable }} {{ n is iterable }} {{ nothing is none }} {{ t is true }} {{ f is false }} {{ 1 is true }} {{ word is lower }} {{ 'AB' is upper }} {{ n is in [7] }} {{ n is eq 7 }} {{ n is ne(7) }} {{ n is lt 8 }} {{ n is ge 7 }} {{ n is sameas n }} {{ range is callable }} {{ missing is undefined }} {{ word is not none }} {{ not word is none }} {{ '' is string and t }}
{{ 'a' is even }}
{{ n is nosuchtest }}
{{ n | nosuchfilter }}
{{ -n | abs }} {{ (-n) | abs }} {{ n | string | length }} {{ 1 + 2 | string | length }} {{ -1 ** 2 }} {{ not t or t }} {{ 1 if t else 2 + 3 }} {{ 'a' ~ 1 + 2 }} {{ 3 - 2 ~ 1 }}
{{ 0b101 if false else 10_000 }} {{ 'a' 'b' }} {{ "\x41\u00e9\n\t\\\'\d" }} {{ '{{' }} {{ "}}" }}
{% for i in range(3) %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}
{% for i in numbers %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }}{{ loop.cycle('a', 'b') }}{{ loop.changed(i) }}|{% else %}none{% endfor %}
{% for i in [] %}x{% else %}none{% endfor %}{% for i in missing %}x{% else %}gone{% endfor %}
{% for i in none %}x{% endfor %}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k, v in d | dictsort %}{{ k }}{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a + b + c }}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{% endfor %}
{% for c in letters %}[{{ c }}]{% endfor %}{% for k in d %}{{ k }}{% endfor %}
{% for p in people if p.age > 10 %}{{ loop.index }}{{ p.name }}{{ loop.last }} {% endfor %}{% for p in people if p.age > 100 %}{% else %}nobody{% endfor %}
{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for i in range(2) %}{% for j in range(2) %}{{ i }}{{ j }}{{ loop.index }}{% if j == 0 %}{% break %}{% endif %}{% endfor %}-{{ loop.index }} {% endfor %}
{% set a = 1 %}{% for i in range(3) %}{% set a = a + i %}{{ a }}{% endfor %}|{{ a }}
{% set ns = namespace(a=1, b='x') %}{% for i in range(3) %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns.c }}
{% set a.b = 1 %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d2) = [3, 4] %}{{ c }}{{ d2 }}{% set e = 1, 2 %}{{ e }}
{% if t %}{% set a = 1 %}{% endif %}{{ a }}{% if f %}x{% elif n > 5 %}y{% else %}z{% endif %}{% if missing %}x{% endif %}{% if none_list %}x{% else %}e{% endif %}
{% set a %}<{{ word }}>{% set b = 3 %}{% endset %}{{ a }}{{ b }}{{ a is string }}{% set c | upper | trim %} x {% endset %}[{{ c }}]
{% macro f(a, b='x', c=missing) %}({{ a }}{{ b }}{{ c }}){% endmacro %}{{ f(1) }}{{ f(1, 2) }}{{ f(b=2, a=1) }}{{ f() }}{{ f(1) | length }}{{ f(1, 2, 3) ~ '!' }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(b=2) }}
{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, x=3) }}{{ f() }}
{% macro f(k) %}<{{ caller(k) }}>{% endmacro %}{% call(x) f(5) %}{{ x * 2 }}{{ word }}{% endcall %}
{% set v = 1 %}{% macro f() %}{{ v }}{% endmacro %}{{ f() }}{% set v = 2 %}{{ f() }}{% for v in [9] %}{{ f() }}{{ v }}{% endfor %}
{% macro f(k) %}{% if k > 0 %}{{ k }}{{ f(k - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{% filter upper %}a{{ word }}{% endfilter %}{% filter replace('a', 'b') | trim %} aa {% endfilter %}
{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}
{% raw %}{{ x }} {% if %} {# c #}{% endraw %}{# gone {{ x }} #}|
{% generation %}a{{ word }}{% set q = 1 %}{% endgeneration %}{{ q }}b{% generation %}c{% endgeneration %}
{{ raise_exception('no') }}
{{ range(2, 8, 3) | list }} {{ range(3, 0, -1) | list }} {{ range(0) | list }} {{ dict(a=1, b='x') }} {{ namespace(a=1).a }}
{{ range(1000000) | list | length }}
{% for i in range(3) -%} {{ i }} {%- endfor %}|  {%- if t %} a {%- endif -%}  |{{- ' b ' -}}  |
{{ word.nosuch }}|{{ word.nosuch is defined }}|{{ word['nosuch'] }}
{{ n() }}
{{ missing() }}
{{ missing + 1 }}
{{ missing == missing }}{{ missing == none }}{{ missing ~ 'a' }}
{{ word(1) }}
{{ {}['a'] }}{{ {'a': 1}.a }}{{ {1: 'x'}[1.0] }}{{ {true: 'y'}[1] }}
{{ [1, 2, 3][1] }}{{ 'abc'[0] }}{{ (1, 2)[1] }}{{ [1][5] }}{{ [1]['a'] }}
{% include 'x' %}
{% if t %}
{% endfor %}
{{ 1 + }}
{{ (1 }}
{{ 'a }}
{% set %}
{% for %}{% endfor %}
{% unknown %}
{{ a b }}
{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | first }}{{ (messages | last).role }}{{ (messages | map(attribute='role') | list)[-1] }}
{{ messages | map(attribute='content') | map('trim') | join(' / ') }}{{ messages[1:] | length }}{{ messages[:1][0].role }}
{{ 'a' if messages[0]['role'] == 'system' and messages | length > 2 else 'b' }}{{ messages[0]['tool_calls'] is defined }}{{ 'tool_calls' in messages[0] }}
{{ d.n }}{{ d.n is none }}{{ (d.n or 'q') }}{{ [none, false, 0, '', [], {}, ()] | select | list }}
{{ [1, 2] == [1, 2] }}{{ (1, 2) == [1, 2] }}{{ {'a': 1} == {'a': 1.0} }}{{ none == false }}{{ '' == none }}
{{ 7 // 2.0 }} {{ 7 % 2.5 }} {{ -7 % 2.5 }} {{ -7 // 2.0 }} {{ 2 ** 0.5 }} {{ 10 ** 18 }} {{ 1 / 3 }} {{ 2 / 1 }} {{ 1e308 * 10 }}
""".strip("\n").split("\n")

SPACES = [
    "a\n  {% if t %}\n  b\n  {% endif %}\nc\n", "a {% if t %} b {% endif %} c", "  {%+ if t %}x{% endif %}\n", "{% if t +%}\nx{% endif %}", "{# c #}\nx", "  {# c #}  \nx",
    "x {# c #} y", "x\n\n{{ n }}\n\n", "{{ n }}\n", "{{ n }}\n\n", "\r\na\rb\r\n{% if t %}\r\nx\r\n{% endif %}\r\n", "\t{%- if t -%}\n\n x \n\n{%- endif -%}\t\nz",
    "a\n \t {%- if t %}\nb{% endif %}", "{% for i in range(2) %}\n  {{ i }}\n{% endfor %}\n", "{% raw %}\n a \n{% endraw %}\nb", "a  {%- raw -%}  x  {%- endraw -%}  b", "  {% raw %} {{ {% endraw %}\nx",
    "{%if t%}x{%endif%}", "{{n}}{{-n}}{{ n-}}", "{{- n -}}", "a{{+ n }}", "{{ {'a': {'b': 1}}['a']['b'] }}", "{{ {'a': {'b': 1}} }}", "{#- c -#} \n x", "a \n {#- c #}\nx", "{#\n c\n#}\nx",
    "{% set a = 1 -%}\n   x\n{%- set b = 2 %}\n  y", "", "\n", "\n\n", " ", "{", "{ {", "}}", "%}", "{% if t %}{% endif %}\n\n\nx", "\u00a0{% if t %}x{% endif %}", "\x1f{% if t %}x{% endif %}\x85 {%- if t %}y{% endif %}",
    "{%- for m in messages -%}\n{%- if m.role == 'user' -%}\n  U: {{ m.content }}\n{%- else %}\n  O: {{ m.content }}\n{%- endif -%}\n{%- endfor %}\n{{ eos_token }}",
    "{{\n n\n +\n 1\n}}", "{%\n if\n t\n %}x{%\n endif\n %}", "x{% if t %}\n\ny{% endif %}\n", "{{ 'a' }}\n  {{ 'b' }}\n", "{% if t %}  \n  x{% endif %}", "{% generation %}\n a\n{% endgeneration %}\nb",
]


class Random:
    """Expressions and blocks over VALUES; most make sense, some fail, as they should."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *options):
        return self.r.choice(options)

    def text(self, depth):
        if depth <= 0:
            return self.pick("word", "text", "letters", "empty", "'a b'", "lines", "messages[1].content", "bos_token")
        a, b = self.text(depth - 1), self.text(depth - 1)
        return self.pick(
            f"{a} | {self.pick('upper', 'lower', 'trim', 'title', 'capitalize', 'string', 'reverse', 'tojson', 'first', 'last', 'indent(2)')}", f"({a} ~ {b})", f"({a}).{self.pick('upper', 'lower', 'strip', 'lstrip', 'rstrip', 'title', 'capitalize', 'swapcase')}()",
            f"({a}).replace({self.pick('1', repr('e'), repr(' '))}, {b})", f"({a})[{self.number(0)}:{self.number(0)}]", f"({a} if {self.flag(depth - 1)} else {b})", f"{self.list(depth - 1)} | join({self.pick(repr('-'), a)})",
            f"{self.number(depth - 1)} | string", f"({a} + {b})", f"({a})[{self.number(0)}]", f"({a} or {b})", f"{self.any(depth - 1)} | default({b}, true)")

    def number(self, depth):
        if depth <= 0:
            return self.pick("n", "m", "zero", "x", "0", "1", "2", "-1", "3", "d.b", "t")
        a, b = self.number(depth - 1), self.number(depth - 1)
        return self.pick(f"({a} {self.pick('+', '-', '*', '/', '//', '%')} {b})", f"{self.list(depth - 1)} | length", f"{self.text(depth - 1)} | length", f"({a} if {self.flag(depth - 1)} else {b})", f"{a} | {self.pick('abs', 'int', 'float', 'round', 'round(1)')}", f"{self.numbers()} | {self.pick('sum', 'min', 'max', 'first', 'last')}", f"({self.text(depth - 1)}).{self.pick('find', 'count', 'rfind')}('e')", f"(-{a})")

    def numbers(self):
        return self.pick("numbers", "numbers[1:]", "nested[0]", "range(n) | list", "[1, x, t]", "none_list")

    def list(self, depth):
        if depth <= 0:
            return self.pick("numbers", "words", "nested", "none_list", "mixed", "messages", "people", "d", "missing")
        a = self.list(depth - 1)
        return self.pick(f"{a} | {self.pick('list', 'reverse | list', 'unique | list', 'sort', 'select | list', 'reject | list')}", f"({a})[{self.number(0)}:]", f"({a})[::{self.pick('-1', '2', '-2')}]", f"[{self.any(depth - 1)}, {self.any(depth - 1)}]", f"({self.text(depth - 1)}).split({self.pick('', repr('e'), repr(' '))})",
                         f"({self.text(depth - 1)}).splitlines()", f"{a} | map({self.pick(repr('string'), repr('length'), repr('upper'), 'attribute=' + repr('name'), 'attribute=' + repr('role'))}) | list", f"{a} | selectattr({self.pick(repr('name'), repr('role'))}) | list", f"range({self.number(0)}, {self.number(0)}) | list", "d.items() | list", f"(({self.any(depth - 1)},) + (1,))")

    def flag(self, depth):
        if depth <= 0:
            return self.pick("t", "f", "n", "empty", "missing", "nothing", "messages", "none_list")
        return self.pick(f"({self.number(depth - 1)} {self.pick('<', '>', '<=', '>=', '==', '!=')} {self.number(depth - 1)})", f"({self.flag(depth - 1)} {self.pick('and', 'or')} {self.flag(depth - 1)})", f"(not {self.flag(depth - 1)})", f"({self.any(depth - 1)} is {self.pick('', 'not ')}{self.pick('defined', 'none', 'string', 'number', 'mapping', 'iterable', 'sequence', 'true', 'boolean', 'integer')})",
                         f"({self.text(depth - 1)} {self.pick('in', 'not in')} {self.text(depth - 1)})", f"({self.any(depth - 1)} == {self.any(depth - 1)})", f"({self.any(depth - 1)} in {self.list(depth - 1)})", f"({self.text(depth - 1)} < {self.text(depth - 1)})")

    def any(self, depth):
        return self.pick(self.text, self.number, self.list, self.flag)(depth)

    def block(self, depth, free=True):
        if depth <= 0:
            return self.pick(f"{{{{ {self.any(2)} }}}}", " a ", "\n", "  \n b", f"{{{{- {self.any(1)} -}}}}", "{# c #}")
        dash = lambda: self.pick("", "", "-")
        kind = self.r.randrange(7)
        # Where a macro, a set block or another generation block captures text, transformers gives a generation block's place as another one.
        here, free = free, free and kind not in (3, 4, 5)
        body = "".join(self.block(depth - 1, free) for _ in range(self.r.randint(1, 3)))
        return [
            f"{{%{dash()} if {self.flag(2)} {dash()}%}}{body}{{%{dash()} else %}}{self.block(depth - 1, free)}{{%{dash()} endif {dash()}%}}", f"{{%{dash()} for i in {self.list(1)} {dash()}%}}{{{{ loop.index }}}}{{{{ i }}}}{body}{{%{dash()} endfor {dash()}%}}",
            f"{{% set v = {self.any(2)} %}}{{{{ v }}}}{body}", f"{{% set v %}}{body}{{% endset %}}[{{{{ v }}}}]", f"{{% macro g(a, b=n) {dash()}%}}{{{{ a }}}},{{{{ b }}}}{body}{{%{dash()} endmacro %}}{{{{ g({self.any(1)}) }}}}",
            f"{{%{dash()} generation {dash()}%}}{body}{{%{dash()} endgeneration {dash()}%}}" if here else " ", body][kind]


def battery():
    templates = LISTED + SPACES
    for seed in range(1000):
        maker = Random(seed)
        templates.append(f"{{{{ {maker.any(3)} }}}}" if seed % 3 else "".join(maker.block(2) for _ in range(3)))
    cases = []
    for template in templates:
        case = {"template": template}
        try:
            text, ranges = render_jinja_template([VALUES["messages"]], chat_template=template, return_assistant_tokens_mask=True, **{k: v for k, v in VALUES.items() if k not in ("messages",)})
            # A method, a generator or an undefined name of Python's is written with its address or type.
            if " at 0x" in text[0] or "<built-in" in text[0] or "Undefined" in text[0]:
                continue
            case["text"] = text[0]
            case["generated"] = [text[0][a:b] for a, b in ranges[0]]
        except Exception as error:
            case["error"] = f"{type(error).__name__}"
        if len(json.dumps(case)) < 2000:
            cases.append(case)
    return {"values": VALUES, "cases": cases}


def write(name, content):
    (HERE / name).write_text(json.dumps(content, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n")


_compile_jinja_template("")
write("chat.json", chat_cases())
write("battery.json", battery())
