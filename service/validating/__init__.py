"""What strangers post, judged: their data by the project's rules, or by shapes they post too.

- `request`: what is asked, and what may be wrong with it; `refusals`: what posted shapes may not ask;
- `judging`: a request → the bytes of its report, a pure function;
- `confinement`: what a process that judges for strangers may not do; `preloaded`: what it begins with;
- `judges`: the processes, each of which serves one request and ends, at its deadline at the latest.
"""
