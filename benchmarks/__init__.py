"""How fast jixiao is, beside what others do with the same content: one program, tables of ratios of CPU time.

    python -m benchmarks                 what there is to measure
    python -m benchmarks formats         one of them, printed and kept under benchmarks/results/

Each benchmark is a module with a `measure` that returns a `report.Report`; `corpus` makes documents and `written`
writes them in every format. Nothing here is installed with jixiao.
"""
