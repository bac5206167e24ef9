from garden import Plant  # sure: Plant


def check_growing():
    plant = Plant("a")  # sure: Plant
    assert plant.grow(3).height == 3  # sure: Plant.grow
    assert plant.tall  # sure: Plant.tall
