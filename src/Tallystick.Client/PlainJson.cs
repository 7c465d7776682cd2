namespace Tallystick.Client;

/// <summary>A JSON object as it stands, for the few answers that a command must not wait for.</summary>
/// <remarks>
/// To read its first record, the serializer takes a third of a command's time: it describes types to itself, mostly in
/// code that is compiled for it first (decision 0058). Names and what is missing are taken as it takes them.
/// </remarks>
internal sealed class PlainJson
{
    /// <summary>What stands under each name; of two with one name the last one.</summary>
    public Dictionary<string, object?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads one document, which has to be an object; null for the document <c>null</c>.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static PlainJson? Parse(ReadOnlySpan<byte> json)
    {
        var root = new JsonScanner(json).Document();
        return root is null or PlainJson ? (PlainJson?)root : throw new FormatException("The answer is no object.");
    }

    /// <summary>Text, or null when it is null or missing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public string? Text(string name) => Values.GetValueOrDefault(name) switch
    {
        null => null,
        string text => text,
        _ => throw Unexpected(name),
    };

    /// <summary>Whether it is true; false when it is missing.</summary>
    /// <exception cref="FormatException">It is neither true nor false.</exception>
    public bool IsTrue(string name) => Values.TryGetValue(name, out var value)
        && (value is bool isTrue ? isTrue : throw Unexpected(name));

    /// <summary>A list, each of whose values is read, or null when it is null or missing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public List<T>? List<T>(string name, Func<PlainJson, T> read)
        where T : class
    {
        if (ListAt(name) is not { } found)
            return null;
        var list = new List<T>();
        foreach (var value in found)
            list.Add(value is null ? null! : read(value as PlainJson ?? throw Unexpected(name)));
        return list;
    }

    /// <summary>A list of text, or null when it is null or missing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public List<string>? Texts(string name)
    {
        if (ListAt(name) is not { } found)
            return null;
        var list = new List<string>();
        foreach (var value in found)
            list.Add(value is null ? null! : value as string ?? throw Unexpected(name));
        return list;
    }

    private List<object?>? ListAt(string name) => Values.GetValueOrDefault(name) switch
    {
        null => null,
        List<object?> list => list,
        _ => throw Unexpected(name),
    };

    private static FormatException Unexpected(string name) => new($"The answer's {name} is not what it has to be.");
}
