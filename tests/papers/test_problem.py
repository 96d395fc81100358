from search.papers.problem import Problem


def test_a_problem_reads_as_path_line_reason():
    assert str(Problem("a/b.jsonl", "not valid JSON", 7)) == "a/b.jsonl:7: not valid JSON"


def test_a_problem_of_a_whole_file_has_no_line():
    assert str(Problem("a/b.txt", "this is a PDF, not text")) == "a/b.txt: this is a PDF, not text"
