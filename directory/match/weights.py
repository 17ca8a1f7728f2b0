"""How much does each piece of evidence count? Every weight of the matching stands here, with its reason.

Measured on 202 Chinese texts with masked names over 38,615 repositories (docs/matching.md says how).
"""

from __future__ import annotations

# ── the article's words ──────────────────────────────────────────────────────────────────────────────────────────────

POSITION = 250.0
"""Characters after which a word counts half: articles say at the start what they are about."""

TITLE = 2.0
"""A word of the title counts as two of the text's first words."""

SATURATION = 1.2
"""The weight of a word that occurs often is at most 1 + this times that of one at the very start."""

WORDS, GRAMS = 80, 80
"""The most telling words and pairs of characters; more of them changed nothing, fewer lost long articles."""

GRAM_REACH = 3000
"""Characters from the start in which pairs count."""

RARE = 0.5
"""Extra exponent on a word's rarity: in a long text rare words tell more than their BM25 says."""

GRAM = 0.3
"""Pairs of characters find what the segmenter cut differently, and are noisier than words."""

# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CONCEPT = 0.6
"""A term's weight beside a word's: it is found under any of its names, in either language."""

RELATED, BROADER, NARROWER = 0.5, 0.2, 0.1
"""What a term gives to those beside it: who reads of language models wants retrieval and fine-tuning."""

ECHO, MOST_GAINED = 0.25, 1.2
"""How much of a second way to a term is added to the first, and how much edges can give: what stands there counts more.
"""

EVERYDAY = frozenset(
    "research application tool development framework platform model algorithm safety privacy regulation compliance "
    "investment training education deployment dataset evaluation ethics medical law science game social-media course "
    "book cookbook interview roadmap community news writing presentation translation data-processing data-analysis "
    "infrastructure workflow academic-reading blog cheat-sheet chinese-documentation comic command-line competition "
    "customer-service cybersecurity data-pipeline data-visualization ecommerce language-learning mathematics "
    "materials-science meeting-notes mental-health news-aggregation note-taking notebook novel-writing "
    "open-alternative paper-list paper-reproduction planning podcast project-ideas resume simulation smart-home "
    "study-notes subtitle tools-directory video-editing web-ui".split(" ")
)
"""Terms whose labels are words of every newspaper (研究, 应用, 训练, 医疗): alone they say nothing about AI."""

EVERYDAY_FACTOR = 0.3

# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ADDRESS = 3.0
"""The article gives its address."""

NAME = 0.25
"""The article gives its name. Modest: many a name is mentioned by the way (CUDA, Linux)."""

LONGEST_NAME = 40
"""Characters of a name."""

RARE_NAME = 0.7
"""A word written as words are is a name only when it is rarer than this (idf over the highest)."""

NO_NAMES = frozenset("github google api app web ai llm chat openai http https www com".split(" "))
"""Words that are somebody's repository name and everybody's word."""

# ── a resource's score ───────────────────────────────────────────────────────────────────────────────────────────────

COORDINATION, FLOOR = 2.0, 0.02
"""Exponent on the share of the article's telling words that a resource holds, and what holding none counts as."""

CANDIDATES = 200
"""Resources that are looked at a second time. With 60 R@20 was .608, with 100 .626, with 200 .631, in the same time."""

COVERED, COVER_FLOOR, COVER_LENGTH = 1.0, 0.05, 12.0
"""Exponent on the share of the resource's own summary that stands in the article; the length keeps short summaries
from being covered by chance."""

BESIDE = 0.3
"""For each two words beside each other in the summary that stand beside each other in the article."""

COMPANY, COMPANIONS, COMPANY_WORDS = 0.05, 20, 20
"""What the best resources have in common that the article does not say (pseudo-relevance feedback): a little weight for
the most telling of their words."""

LIKENESS, WORDED = 4.0, 0.5
"""Exponents on how much nearer a resource comes to what the article means than the candidates do on average (the best
come nearer by .2 to .4), and on its score by words. Their quotient makes the order: with 6 nDCG@10 was .456, with 8 and
10 .469. With these two, scores lie as far apart as by words alone, which the weights of groups were set for."""

PASSAGE_REACH, PASSAGE_LENGTH = 1500, 8
"""Characters of title and text whose sentences are compared by meaning, and of the shortest sentence. From 600 on
nDCG@10 is the same within .003; but a page about several things lost a group with 1000. Each 100 take 3 to 10 ms."""

GONE = frozenset({"dead", "replaced", "legal"})
"""States that keep a resource out: an article is given something that works."""

# ── groups ───────────────────────────────────────────────────────────────────────────────────────────────────────────

RICHNESS = 1.5
"""Exponent on log(1 + resources filed under the term): a group has to have something to choose from."""

RARITY = 1.0
"""Exponent on a term's rarity in the catalogue: what half of all resources have to do with (language models) tells
little as a group, what lies beside it tells more."""

FILED = 0.6
"""Being filed under the group's term, beside the best score of the article (1)."""

AT_HOME = 1.5
"""Factor for a resource whose home category is the group's term."""

OVERLAP = 0.5
"""Factor on a group that stands above or below one that was chosen: a reader wants different things."""

# ── what is like a resource ──────────────────────────────────────────────────────────────────────────────────────────

SHARED_TERM = 1.5
"""A shared term beside a shared word: a curator said so."""

SIMILAR_PRIOR = 0.5
"""Exponent on the prior: what is alike matters more than what is well known."""

# ── whether anything fits ────────────────────────────────────────────────────────────────────────────────────────────

FIT_TERMS = 1.2
"""Weight of terms (not everyday ones) in an article about AI: one early and often, or two. Other texts have none, or
name AI once by the way."""

FIT_NAMED = 0.25
"""Weight of the strongest mention of a resource: an address, or a sure name near the start."""

FIT_HELD = 0.18
"""Share of everything telling in the article, also what no resource has, that the best resource holds. Ten texts about
other things reached .03 to .09, short descriptions of software .29 to 1."""

FIT_SAID = 3.2
"""How much of one resource's summary the article says. The same ten texts reached at most 2.2, long articles about one
project 5 to 13."""

# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────

SHOWN_TRIGGERS = 5
SHOWN_EVIDENCE = 6
SHOWN_PASSAGE = 60
"""Characters of a sentence."""

LEAST_SHARE = 0.02
"""Evidence below this share of the score is not listed."""

VOTERS = 20
"""The best resources, whose categories become groups, too."""

VOTES = 0.5
"""What those votes are worth beside what the article says itself."""

WELL_KNOWN, KNOWN = 4.0, 0.8
"""The prior of a resource that everybody knows (30 lists name it), and the exponent on a prior beside it."""

PROPER = 0.6
"""Factor on a product's or company's name as a group: what is filed under it is its own, and articles drop names."""

HUB, HUB_EDGES = 0.4, 4
"""Factor on a term with so many related ones (language models): who reads of it knows it and wants what it leads to."""

GROUP_PULL = 0.2
"""A resource of two groups goes to the one that matters more, unless it is much more at home in the other."""

LEAST_GROUP, LEAST_MEMBER = 0.15, 0.12
"""Below this part of the best group's worth there is no group; below this value a resource is not shown."""
