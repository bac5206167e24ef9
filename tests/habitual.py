"""A model of habits, for searches that are run again and must come to the same."""

import json

from agent.models.messages import Message, Reply, Request, ToolCall, Usage


class Habitual:
    """A model that answers the same question the same way: an edit whose worth is written into it, then it hands in.

    It is a function of the conversation, as a model at temperature 0 would be, so that nothing depends on when it was
    asked.
    """

    def __init__(self) -> None:
        self.asked = 0

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        del timeout_s
        self.asked += 1
        number = int(request.digest[:8], 16)
        turn = sum(message.role == "assistant" for message in request.messages)
        worth = f"# gain {number % 60}%" if number % 5 else "# breaks a test"
        text = f"def zone_{number}(number):  {worth}\n    return number\n"
        steps = [
            [("write", {"path": f"zone_{number % 7}.py", "text": text}), ("more", {"output": 1})],
            [("submit", {"summary": f"idea {number}", "directions": [f"direction {number}"]})],
        ]
        chosen = steps[min(turn, 1)] if turn < 2 else [("submit", {"summary": "no", "give_up": True})]
        calls = tuple(
            ToolCall(id=f"call_{turn}_{index}", name=name, arguments=json.dumps(arguments))
            for index, (name, arguments) in enumerate(chosen)
        )
        return Reply(message=Message(role="assistant", calls=calls), usage=Usage(input_tokens=100, output_tokens=20))
