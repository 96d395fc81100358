"""`python -m search` is `sou`."""

from search.system.module_path import forget_working_folder

forget_working_folder()  # before anything is looked for there

from search.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
