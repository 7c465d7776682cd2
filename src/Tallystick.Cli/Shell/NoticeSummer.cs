using Tallystick.Client;

namespace Tallystick.Cli.Shell;

/// <summary>
/// Keeps notices readable: up to five in a second are shown as they come, more are held for a moment, and summed into
/// one line if they are many.
/// Pure but for its own memory; time comes in as a value.
/// </summary>
internal sealed class NoticeSummer
{
    public const int MostInOneWindow = 5;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly List<Notice> held = [];
    private DateTimeOffset windowEnd = DateTimeOffset.MinValue;
    private int shown;

    /// <summary>When held notices are due, or null when none are held.</summary>
    public DateTimeOffset? Due => held.Count == 0 ? null : windowEnd;

    /// <summary>Whether <paramref name="notice"/> may be shown at once; otherwise it is held.</summary>
    public bool ShowsAtOnce(Notice notice, DateTimeOffset now)
    {
        if (held.Count == 0 && now >= windowEnd)
        {
            windowEnd = now + Window;
            shown = 0;
        }
        if (held.Count == 0 && shown < MostInOneWindow)
        {
            shown++;
            return true;
        }
        held.Add(notice);
        return false;
    }

    /// <summary>The held notices when they are due. While the flood lasts, that is once a second.</summary>
    public IReadOnlyList<Notice> TakeDue(DateTimeOffset now)
    {
        if (held.Count == 0 || now < windowEnd)
            return [];
        var due = held.ToArray();
        held.Clear();
        windowEnd = now + Window;
        shown = MostInOneWindow;
        return due;
    }

    /// <summary>
    /// Which of the held notices are told one by one, at most five: all if they are so few, else those after which the
    /// person has something to do and which may stand nowhere else, what stopped before what was refused. The others
    /// are one line.
    /// </summary>
    public static (IReadOnlyList<Notice> Apart, IReadOnlyList<Notice> Summed) Divide(IReadOnlyList<Notice> held)
    {
        if (held.Count <= MostInOneWindow)
            return (held, []);
        var urgent = held.Where(notice => Urgency(notice.Kind) > 0)
            .OrderByDescending(notice => Urgency(notice.Kind))
            .Take(MostInOneWindow)
            .ToHashSet<Notice>(ReferenceEqualityComparer.Instance);
        return (held.Where(urgent.Contains).ToList(), held.Where(notice => !urgent.Contains(notice)).ToList());
    }

    /// <summary>Whatever is held, due or not, for the end of a session.</summary>
    public IReadOnlyList<Notice> TakeAll()
    {
        var all = held.ToArray();
        held.Clear();
        return all;
    }

    private static int Urgency(string kind) => kind switch
    {
        NoticeKinds.Trouble or NoticeKinds.Frozen or NoticeKinds.ResetAsked => 2,
        NoticeKinds.Refused => 1,
        _ => 0,
    };
}
