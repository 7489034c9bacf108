/* The least that the question can cost: free hosts counted cell by cell, in plain C.

   Time is cut into cells of one step, beginning at `first`; every run of opening hours must begin on a cell.
   For each host `rises` says by how much the number of stretches in the way changes at a cell. */
#include <stdint.h>
#include <string.h>

typedef struct { int64_t start, end; } stretch;
typedef struct { int64_t first, stop, step, duration, before, after, hosts, needed; } question;

static int64_t cell_at_or_after(int64_t seconds, int64_t step)
{
    return seconds <= 0 ? 0 : (seconds + step - 1) / step;
}

/* `runs` and `busy` of host i are those from its entry in `run_ends`, `busy_ends` before it up to its own.
   `rises` has room for one cell more than there are, `free` for each; `starts` receives the answer. */
int64_t free_starts(const question *q, const stretch *runs, const int64_t *run_ends, const stretch *busy,
                    const int64_t *busy_ends, int32_t *rises, uint16_t *free, int64_t *starts)
{
    const int64_t step = q->step, cells = (q->stop - q->first) / step;
    int64_t run = 0, one = 0, found = 0;

    memset(free, 0, cells * sizeof *free);
    for (int64_t host = 0; host < q->hosts; host++) {
        memset(rises, 0, (cells + 1) * sizeof *rises);
        for (; one < busy_ends[host]; one++) {
            if (busy[one].end <= busy[one].start)
                continue;
            int64_t from = cell_at_or_after(busy[one].start - q->after - q->duration + 1 - q->first, step);
            int64_t upto = cell_at_or_after(busy[one].end + q->before - q->first, step);
            if (upto > cells)
                upto = cells;
            if (from < upto) {
                rises[from]++;
                rises[upto]--;
            }
        }
        int64_t cell = 0, in_the_way = 0;
        for (; run < run_ends[host]; run++) {
            int64_t from = cell_at_or_after(runs[run].start - q->first, step);
            int64_t upto = cell_at_or_after(runs[run].end - q->duration + 1 - q->first, step);
            if (upto > cells)
                upto = cells;
            for (; cell < from && cell < cells; cell++)
                in_the_way += rises[cell];
            for (; cell < upto; cell++) {
                in_the_way += rises[cell];
                free[cell] += in_the_way == 0;
            }
        }
    }
    for (int64_t cell = 0; cell < cells; cell++)
        if (free[cell] >= q->needed)
            starts[found++] = q->first + cell * step;
    return found;
}
