using System.Text.Json;

namespace Tallystick.Client;

/// <summary>A JSON object as it stands, for the few answers that a command must not wait for.</summary>
/// <remarks>
/// To read its first record, the serializer takes a third of a command's time: it describes types to itself, mostly in
/// code that is compiled for it first (decision 0058). Names and what is missing are taken as it takes them.
/// </remarks>
internal readonly struct PlainJson
{
    private readonly JsonElement json;

    private PlainJson(JsonElement json) => this.json = json;

    /// <summary>Reads one document, which has to be an object; null for the document <c>null</c>.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">It is no object.</exception>
    public static PlainJson? Parse(byte[] json)
    {
        var root = JsonElement.Parse(json);
        return root.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Object => new PlainJson(root),
            _ => throw new FormatException("The answer is no object."),
        };
    }

    /// <summary>Text, or null when it is null or missing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public string? Text(string name) => TextOf(At(name), name);

    /// <summary>Whether it is true; false when it is missing.</summary>
    /// <exception cref="FormatException">It is neither true nor false.</exception>
    public bool IsTrue(string name) => At(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Undefined => false,
        _ => throw Unexpected(name),
    };

    /// <summary>A list, each of whose values is read, or null when it is null or missing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public List<T>? List<T>(string name, Func<PlainJson, T> read)
        where T : class => ListAt(name, each => each.ValueKind switch
        {
            JsonValueKind.Object => read(new PlainJson(each)),
            JsonValueKind.Null => null,
            _ => throw Unexpected(name),
        });

    /// <summary>A list of text, or null when it is null or missing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public List<string>? Texts(string name) => ListAt(name, each => TextOf(each, name));

    private List<T>? ListAt<T>(string name, Func<JsonElement, T?> read)
        where T : class
    {
        var found = At(name);
        if (found.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (found.ValueKind != JsonValueKind.Array)
            throw Unexpected(name);
        var list = new List<T>(found.GetArrayLength());
        foreach (var each in found.EnumerateArray())
            list.Add(read(each)!);
        return list;
    }

    // Of two values with one name the last one counts.
    private JsonElement At(string name)
    {
        var found = default(JsonElement);
        foreach (var property in json.EnumerateObject())
        {
            if (string.Equals(NameOf(property), name, StringComparison.OrdinalIgnoreCase))
                found = property.Value;
        }
        return found;
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException noText)
        {
            throw new FormatException("A name in the answer is no text.", noText);
        }
    }

    private static string? TextOf(JsonElement found, string name)
    {
        try
        {
            return found.ValueKind is JsonValueKind.Undefined ? null : found.GetString();
        }
        catch (InvalidOperationException noText)
        {
            throw Unexpected(name, noText);
        }
    }

    private static FormatException Unexpected(string name, Exception? cause = null) =>
        new($"The answer's {name} is not what it has to be.", cause);
}
