#include "heat.h"

/* One step: every inner cell moves towards the mean of its four neighbours. */
void relax(const struct grid *from, struct grid *to, const double *rate)
{
    for (int x = 1; x < from->width - 1; x++) {
        for (int y = 1; y < from->height - 1; y++) {
            int at = y * from->width + x;
            double around = from->cells[at - 1] + from->cells[at + 1] +
                            from->cells[at - from->width] + from->cells[at + from->width];
            to->cells[at] = from->cells[at] + *rate * (around / 4 - from->cells[at]);
        }
    }
}

/* The sum of all cells. */
double total(const struct grid *grid)
{
    double sum = 0;
    for (int y = 0; y < grid->height; y++)
        for (int x = 0; x < grid->width; x++)
            sum += grid->cells[y * grid->width + x];
    return sum;
}

/* The hottest cell. */
double hottest(const struct grid *grid)
{
    double most = grid->cells[0];
    for (int at = 0; at < grid->width * grid->height; at++)
        if (grid->cells[at] > most)
            most = grid->cells[at];
    return most;
}
