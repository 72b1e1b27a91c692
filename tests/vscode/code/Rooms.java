package hotel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

public final class Rooms {
    private final List<Room> rooms = new ArrayList<>();

    public void add(Room room) {
        if (room.beds() <= 0) {
            throw new IllegalArgumentException("a room has at least one bed: " + room);
        }
        rooms.add(room);
    }

    public Room cheapest(int beds) {
        return rooms.stream()
            .filter(room -> room.beds() >= beds)
            .min(Comparator.comparingInt(Room::price))
            .orElseThrow(() -> new IllegalStateException("no room with " + beds + " beds"));
    }

    public Room largest(int budget) {
        return rooms.stream()
            .filter(room -> room.price() <= budget)
            .max(Comparator.comparingInt(Room::beds))
            .orElseThrow(() -> new IllegalStateException("no room for " + budget));
    }

    public record Room(int number, int beds, int price) {}
}
