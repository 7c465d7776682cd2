namespace Tallystick.Node.Rooms;

/// <summary>Where the rooms of a server lie, a folder each.</summary>
/// <param name="folder">Holds them; made when the first comes.</param>
internal sealed class RoomFolders(string folder)
{
    /// <summary>Rooms kept at a time.</summary>
    public const int MostKept = 20_000;

    public string this[RoomId id] => Path.Combine(folder, id.ToString());

    public bool IsFull => Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Count() >= MostKept;

    /// <summary>Those in which nothing was written since then.</summary>
    /// <param name="since">A moment, UTC.</param>
    public IReadOnlyList<RoomId> Unwritten(DateTime since)
    {
        if (!Directory.Exists(folder))
            return [];
        var unwritten = new List<RoomId>();
        foreach (var room in new DirectoryInfo(folder).EnumerateDirectories())
        {
            // A room that is being made has no files yet.
            if (RoomId.TryParse(room.Name, out var id)
                && room.LastWriteTimeUtc < since
                && room.EnumerateFiles("*", SearchOption.AllDirectories).All(file => file.LastWriteTimeUtc < since))
            {
                unwritten.Add(id);
            }
        }
        return unwritten;
    }

    public void Remove(RoomId id)
    {
        if (Directory.Exists(this[id]))
            Directory.Delete(this[id], recursive: true);
    }
}
