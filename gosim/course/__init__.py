"""Courses: assignments, checks of submissions, grades, and walls around what students wrote.

`assignment` reads an assignment and, where the teacher has it, the bundle that students lack.
`checks` are the questions in the words of the field, `checking` asks them of one submission,
`grading` of a folder of them.  What a submission does is observed in a child process behind a
`sandbox`; it is judged here.
"""
