#include <stdio.h>

#include "heat.h"

static int failures;

static void expect(int good, const char *what)
{
    if (!good) {
        printf("failed: %s\n", what);
        failures++;
    }
}

int main(void)
{
    double cells[20] = {0}, next[20] = {0}, rate = 1.0;
    struct grid one = {5, 4, cells}, two = {5, 4, next};
    cells[7] = 8;
    relax(&one, &two, &rate);
    expect(next[6] == 2 && next[8] == 2 && next[12] == 2, "neighbours take a quarter each");
    expect(next[7] == 0, "the cell gives all away");
    expect(next[2] == 0, "the edge stays as it is");
    expect(total(&two) == 6, "one quarter would go to the edge");
    expect(hottest(&two) == 2, "the hottest cell");
    expect(count_words("  two  words ") == 2, "words apart by several spaces");
    expect(count_words("") == 0, "no words in nothing");
    return failures != 0;
}
