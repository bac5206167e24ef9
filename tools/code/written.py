"""What is known of a text that is put together."""

import ast


def written(node: ast.expr) -> tuple[str, str]:
    """What is known of the beginning and the end of a text; the same twice where all of it is."""
    match node:
        case ast.Constant(value=str(text)):
            return text, text
        case ast.JoinedStr(values=[first, *_, last]):
            return _part(first), _part(last)
        case ast.BinOp(op=ast.Add()):
            return written(node.left)[0], written(node.right)[1]
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            return text.partition("%")[0], ""
    return "", ""


def _part(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
