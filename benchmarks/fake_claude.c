/* The CLI's end of the wire, as small as it can be, so that a benchmark measures the host and not the fake.
 *
 * Started by an SDK with the SDK's own argv (ignored); told what to do by the environment, paths and all:
 *
 *   BENCH_CORPORA          files separated by ':'; the n-th user frame is answered with the bytes of the n-th file
 *                          (the last one again from then on)
 *   BENCH_AFTER_INTERRUPT  file whose bytes follow the answer to an `interrupt`
 *   BENCH_EXCHANGES        counts separated by ':'; on the n-th user frame this many requests are made of the host,
 *                          one after the other, each waiting for its answer; then a `result` frame ends the turn,
 *                          its text "<median> <p99>" being the round trip in nanoseconds as this side saw it
 *   BENCH_REQUEST          file with the one line of such a request; @ID@ stands for its request id, @N@ for a number,
 *                          @CALLBACK@ for the first hook callback id of the `initialize` request
 *   BENCH_EXPECT           text that each answer to it must contain; else the run ends with code 3
 *   BENCH_HANDSHAKE        file of request lines exchanged once, before the first of the above
 *
 * Every control request of the host is answered with success.  The end of stdin ends the run with code 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE 65536
#define SLOT 128
#define MAX_EXCHANGES 1000000

static char *line; /* the current line of stdin, NUL for its newline */
static char *buffer;
static size_t capacity, start, end;
static char callback[SLOT] = "hook_0";
static long long samples[MAX_EXCHANGES];

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "fake claude: %s: %s\n", what, detail);
    exit(3);
}

static void emit(const char *data, size_t size) {
    while (size > 0) {
        ssize_t written = write(1, data, size);
        if (written < 0) {
            if (errno == EINTR) continue;
            exit(errno == EPIPE ? 0 : 4);
        }
        data += written;
        size -= (size_t)written;
    }
}

/* Next line of stdin into `line`; 0 at its end. */
static int read_line(void) {
    size_t scanned = start;
    for (;;) {
        char *newline = memchr(buffer + scanned, '\n', end - scanned);
        if (newline) {
            line = buffer + start;
            *newline = 0;
            start = (size_t)(newline - buffer) + 1;
            return 1;
        }
        if (start > 0) {
            memmove(buffer, buffer + start, end - start);
            end -= start;
            start = 0;
        }
        scanned = end;
        if (capacity - end < READ_SIZE) {
            capacity = capacity * 2 + READ_SIZE;
            if (!(buffer = realloc(buffer, capacity))) fail("memory", "exhausted");
        }
        ssize_t got = read(0, buffer + end, READ_SIZE);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        end += (size_t)got;
    }
}

/* The next string value after `key` in `text`, copied into `into`; 0 if there is none. */
static int string_after(const char *text, const char *key, char *into) {
    const char *at = strstr(text, key);
    if (!at || !(at = strchr(at + strlen(key), '"'))) return 0;
    const char *close = strchr(++at, '"');
    if (!close || close - at >= SLOT) return 0;
    memcpy(into, at, (size_t)(close - at));
    into[close - at] = 0;
    return 1;
}

static void emit_file(const char *path) {
    struct stat info;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &info) < 0) fail("cannot open", path);
    if (info.st_size > 0) {
        char *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED) fail("cannot map", path);
        emit(data, (size_t)info.st_size);
        munmap(data, (size_t)info.st_size);
    }
    close(fd);
}

static char *slurp(const char *path) {
    struct stat info;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &info) < 0) fail("cannot open", path);
    char *data = malloc((size_t)info.st_size + 1);
    if (!data || read(fd, data, (size_t)info.st_size) != info.st_size) fail("cannot read", path);
    data[info.st_size] = 0;
    close(fd);
    return data;
}

/* Item `index` of the list `text` separated by ':', or its last; NULL when there is no list. */
static char *item(const char *text, int index) {
    static char found[4096];
    if (!text || !*text) return NULL;
    for (const char *colon; index > 0 && (colon = strchr(text, ':')); index--) text = colon + 1;
    size_t size = strcspn(text, ":");
    if (size >= sizeof found) fail("too long", text);
    memcpy(found, text, size);
    found[size] = 0;
    return found;
}

static void answer(void) {
    char id[SLOT], reply[SLOT * 4];
    if (!string_after(line, "\"request_id\"", id)) fail("control request without an id", line);
    if (strstr(line, "\"initialize\"")) string_after(line, "\"hookCallbackIds\"", callback);
    int size = snprintf(reply, sizeof reply,
                        "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"%s\","
                        "\"response\":{\"commands\":[],\"models\":[],\"session_state\":\"idle\"}}}\n",
                        id);
    emit(reply, (size_t)size);
}

/* `template` with its slots filled, into `into` of `room` bytes; returns its size. */
static size_t fill(const char *template, const char *id, long number, char *into, size_t room) {
    char *out = into, digits[32];
    snprintf(digits, sizeof digits, "%ld", number);
    while (*template && *template != '\n') {
        const char *value = NULL;
        size_t skip = 0;
        if (*template == '@') {
            if (!strncmp(template, "@ID@", 4)) value = id, skip = 4;
            else if (!strncmp(template, "@N@", 3)) value = digits, skip = 3;
            else if (!strncmp(template, "@CALLBACK@", 10)) value = callback, skip = 10;
        }
        size_t size = value ? strlen(value) : 1;
        if ((size_t)(out - into) + size + 2 > room) fail("request too long", id);
        memcpy(out, value ? value : template, size);
        out += size;
        template += value ? skip : 1;
    }
    *out++ = '\n';
    return (size_t)(out - into);
}

static long long now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

/* One request, its answer awaited and checked; returns the round trip in nanoseconds. */
static long long exchange(const char *template, long number, const char *expected) {
    static char request[READ_SIZE];
    static long serial;
    char id[SLOT], answered[SLOT];
    snprintf(id, sizeof id, "5878b767-f291-40c8-85bc-%012ld", ++serial);
    size_t size = fill(template, id, number, request, sizeof request);
    long long began = now();
    emit(request, size);
    for (;;) {
        if (!read_line()) fail("end of input instead of the answer to", id);
        if (!strstr(line, "\"control_request\"")) break;
        answer();
    }
    long long took = now() - began;
    if (!string_after(line, "\"request_id\"", answered) || strcmp(answered, id)) fail("not the answer to", id);
    if (!strstr(line, "\"success\"")) fail("not a success", line);
    if (expected && !strstr(line, expected)) fail("not the answer expected", line);
    return took;
}

static int ascending(const void *a, const void *b) {
    long long left = *(const long long *)a, right = *(const long long *)b;
    return (left > right) - (left < right);
}

static void exchanges(long count, int turn) {
    static long number = 2; /* JSON-RPC: 0 and 1 are the handshake's */
    if (turn == 0 && getenv("BENCH_HANDSHAKE")) {
        long step = 0;
        for (char *at = slurp(getenv("BENCH_HANDSHAKE")); *at; at = strchr(at, '\n') + 1)
            exchange(at, step++, NULL);
    }
    if (count > MAX_EXCHANGES) fail("too many exchanges", getenv("BENCH_EXCHANGES"));
    char *template = slurp(getenv("BENCH_REQUEST"));
    for (long i = 0; i < count; i++) samples[i] = exchange(template, number++, getenv("BENCH_EXPECT"));
    free(template);
    qsort(samples, (size_t)count, sizeof *samples, ascending);
    char result[1024];
    int size = snprintf(result, sizeof result,
                        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"duration_ms\":1,"
                        "\"duration_api_ms\":1,\"num_turns\":1,\"session_id\":\"00000000-0000-4000-8000-000000000000\","
                        "\"total_cost_usd\":0.0,\"result\":\"%lld %lld\"}\n",
                        count ? samples[count / 2] : 0, count ? samples[count * 99 / 100] : 0);
    emit(result, (size_t)size);
}

static void take_turn(int turn) {
    char *count = item(getenv("BENCH_EXCHANGES"), turn);
    if (count) exchanges(atol(count), turn);
    else {
        char *corpus = item(getenv("BENCH_CORPORA"), turn);
        if (!corpus) fail("nothing to say", "set BENCH_CORPORA or BENCH_EXCHANGES");
        emit_file(corpus);
    }
}

int main(void) {
    int turn = 0;
    while (read_line()) {
        if (strstr(line, "\"control_request\"")) {
            int interrupted = strstr(line, "\"interrupt\"") != NULL;
            answer();
            if (interrupted && getenv("BENCH_AFTER_INTERRUPT")) emit_file(getenv("BENCH_AFTER_INTERRUPT"));
        } else if (strstr(line, "\"user\"")) {
            take_turn(turn++);
        }
    }
    return 0;
}
