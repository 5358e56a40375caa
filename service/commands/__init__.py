"""What a person types: a module for each command, and what several of them share.

- `convert`, `load`, `check`, `ask`, `diff`, `export`, `serve` are the commands, each thin over a library call;
- `names` says what documents are meant, `corrections` how they are corrected, `work` where they are converted;
- `rules` says which rules are asked, `reports` where what they find is written;
- `files`, `stores` and `telling` are the ways in and out, `options` what is said the same way to several.

Heavy imports stand inside functions, so that help is quick.
"""
