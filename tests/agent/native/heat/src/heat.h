/* Heat that spreads over a plate, and words that are counted. */
#ifndef HEAT_H
#define HEAT_H

#include <stddef.h>

struct grid {
    int width, height;
    double *cells;
};

void relax(const struct grid *from, struct grid *to, const double *rate);
double total(const struct grid *grid);
double hottest(const struct grid *grid);
size_t count_words(const char *text);

#endif
