"""How does what was read become catalogue, without a machine overruling a person?

Modules: `filing` puts readings in, `seeds` the bundled ones.
"""
