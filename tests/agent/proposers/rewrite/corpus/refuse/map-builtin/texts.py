def target(numbers):
    return [str(number) for number in numbers]
