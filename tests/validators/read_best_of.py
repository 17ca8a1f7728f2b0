"""Does best-of read a list and write its Markdown? `python read_best_of.py PROJECTS OUT`; needs nothing of ours.

What it would look up (GitHub, libraries.io) is left out: the projects go straight from its reader to its writer.
"""

import sys
from pathlib import Path

from addict import Dict
from best_of import generator, projects_collection
from best_of.generators import get_generator

path, out = sys.argv[1:]
config, projects, categories, labels = generator.parse_projects_yaml(path)
config.update({"output_file": out, "projects_history_folder": None, "min_projectrank": -100})
found = []
for project in projects:
    info = Dict(project)
    projects_collection.update_project_category(info, categories)
    assert info.category in categories, (info.name, info.category)
    info.update({"projectrank": 1, "projectrank_placing": 1, "show": True, "updated_at": None})
    if info.github_id:
        info.github_url = f"https://github.com/{info.github_id}"
    info.homepage = info.homepage or info.github_url
    found.append(info)
found = projects_collection.group_projects(found)
projects_collection.categorize_projects(found, categories)
get_generator(config.output_generator).write_output(categories, found, config, labels)
text = Path(out).read_text("utf-8")
sys.stdout.write(f"read {len(projects)}, shown {sum(p.homepage in text or p.name in text for p in found)}\n")
